"""Support of the tasks node: the API's answers as data, what they are in words, and the findings made of them."""

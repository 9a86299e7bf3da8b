"""The offline planner: a deterministic chat model that plans by a trained model and what tools say of themselves.

recall, planner, answer the chat model: messages in, calls or the answer out; rounds: a plan's steps as rounds of calls
planning, answering     a thread to a plan: what answers, corrects or goes on with the turn before; else what is heard
trained                 the model: what is asked for, where requests part, which words fill which argument
heard                   what it hears made into calls; whether the words order a change at all
orders                  what a change acts on, when it is, what it says; a proposal put otherwise
words .. times          what words stand for: tokens, times, amounts, sums, measures, people, topics, pointing
clause                  one request and all of these in it
slots, fill*, followup  a tool's arguments, and what fills them; a call made before with what the words change
knowledge .. reading    a request by what the tools say of themselves: for those that no example names
talk, zones, resumed    what needs no hearing: courtesies, the time elsewhere, the same again
"""

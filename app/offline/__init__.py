"""The offline planner: a deterministic chat model that plans from the tools' own words and invents nothing.

words, spelling         a request as tokens
window .. times         stretches of time; amounts, sums, measures, people, topics, pointing: the rest of what is said
clause                  one clause and all of these in it
intent, knowledge       what the tools' asks teach; reading: a clause taken as each of the tools
slots, fill*            a tool's arguments, and what fills them
across, borrow          what takes several services: one thing asked of each, a thing of one looked up for another
kinds_of_mail, picking  what no argument takes: newsletters, a language; which of a list is with whom
split .. planning       a whole request: several clauses, follow-ups, look-ups; group, plan: what comes of it
encounters              whom one meets, put as the noun for it
lately, correcting      what is asked about the thing just shown, or of another person than the one named before
rounds                  a plan's steps as the rounds of a turn: which calls are due, made from what was shown
recall, planner, answer the chat model: messages in, calls or the answer out
"""

"""Sentences with values in them that answer no field: they teach to look at the cue."""

ASIDES = (
    "Our house was founded by {person}.|Photo: {person}.|Software by {company}.|We are a member of the {company} group.|Certified under {code}.|"
    "Form {code}, rev. {integer}.|Page {integer} of {integer}.|A cousin of mine lives in {city}.|The last storm hit {city} hard.|The bench in the park is named after {person}.|"
    "Drawer {integer}, folder {integer}.|Layout and print: {company}.|My neighbour {person} says the same.|There are {integer} steps to the door.|"
    "The lift stops {integer} times a day.|Our fax machine was a {thing}.|Member no. {code} of the chamber of trade.|The old brochure by {company} is out of print.|"
    "The poster shows {integer} birds of {city}.|We have {integer} branches.|The train to {city} was late.|I once knew a {person}, but that is another story.|"
    "Data protection officer: {person}.|Registered in {city} under {code}.|The portrait in the hall shows {person}.|{integer} % of our power is green.|"
    "Greetings to {person}, if you happen to see her.|I read {integer} pages of a book by {person} on the way.|Template {code}.|Scanned with {thing}.|"
    "Our branch in {city} has closed.|Archived as box {code}.|The calendar on the wall is from {company}.|Recycled paper, {integer} g.|The song on the radio was by {person}.|"
    "We won a prize in {city}.|Last year we planted {integer} trees.|In {city} they do it differently.|Please disregard stamp {code}.|The street is named after {person}"
).split("|")

__all__ = ["ASIDES"]

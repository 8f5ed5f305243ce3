"""Texts in which several values compete for a field: old and new, planned and real, mine and yours, value before cue."""

INVOICES = [
    "{total} is what we ask of {customer}, {due} is when we need it, {number} is what to quote. {vendor}, {issued}",
    "Correction\nwas: invoice {~code}, {~total}, due {~date}\vis: invoice {number}, {total}, due {due}\n{vendor} apologises to {customer}.",
    "Ordered {~date}, delivered {~date}, invoiced {issued}, payable {due}.\n{vendor} / {customer} / {number} / {total}",
    "From the desk of {~person}\n\nPlease pay two bills.\n1) {~company}: {~money}, already overdue, I do that one myself.\n2) {vendor}: {total}, due {due}, number {number}, that one is yours.",
    "Quote {~code} ({~total}) was accepted on {~date}. It became invoice {number} over {total} on {issued}. Seller {vendor}, buyer {customer}, carrier {~company}. {paid}",
    "NET {subtotal} + VAT {tax} + CARRIAGE {shipping} = {total}\n{number}, {issued}, pay by {due}\nto: {customer}\nfrom: {vendor}",
    "({number}) {customer} owes {vendor} {total}. Of this {tax} is tax. Half could have been paid on {~date}, all of it must be paid on {due}.",
    "deposit paid {~money}\nrest to pay {total}\nby {due}\ninvoice {number} of {issued} replaces {~code}\n{vendor} for {customer}\nyour order {po}",
    "supplier's supplier: {~company}\nsupplier: {vendor}\nbill to: {customer}\nship to: {~company}, {~city}\ninvoice {number}\ndelivery note {~code}\norder {po}\ninvoice date {issued}\ndelivery date {~date}\ntotal {total}",
]
EMAILS = [
    "{recipient}, not {~person}, should get this: {subject} is due on {deadline}. {sender}",
    "Who wrote this? {sender}. To whom? {recipient}. Who else reads it? {cc}. When? {sent}. About what? {subject}.",
    "From: {sender}\nOn behalf of: {~person}\nTo: {recipient}\nBcc: {~person}\nSubject: {subject}\nSent: {sent}\n\nThe meeting ({meeting}, {place}) stands. The lunch before it ({~time}, {~city}) does not.",
    "> From: {~person}\n> To: {sender}\n> Sent: {~date}\n> Subject: {~subject}\n> Nice job!\n\nFrom: {sender}\nTo: {recipient}\nSent: {sent}\nSubject: {subject}\n\nLook what I got. {intent}",
    "{meeting} is set, {place} is booked, {cc} are coming. All we need is you, {recipient}. Tell {sender_email} by {deadline}. {sender}",
    "Registration closed on {~date}. The papers are due on {deadline}. The talk itself is on {meeting} in {place}. Questions about money go to {~person}, questions about everything else to me, {sender} ({phone}).",
    "first idea: {~meeting}\nsecond idea: {~meeting}\vwhat we agreed on: {meeting}\nwhere: {place}\nwho asked: {sender}\nwho said yes: {recipient}",
    "you write to {~email} and wonder why nobody answers?? my address is {sender_email}! and the number is {phone}, not {~phone}. so, {recipient}, once more: {subject}, until {deadline}. {sender}",
]
TICKETS = [
    "{customer} (customer) spoke with {~person} (sales), then with {agent} (support). Case {id}, order {order}, serial {~code}.\n{category} {status}",
    "Broken since {since}, bought {~date}, reported {opened}, replaced once already by a {~product}.\nThis time: {product}, {error}. {customer}, {email}",
    "merged: {~code} into {id}\nreporter of the merged ticket: {~person}\vreporter: {customer}\nproduct: {product}\n{priority} owner: {agent}",
    "{error} (not {~error}) is what I see, {version} (not {~version}) is what I run, {product} is what I use. {category} {customer}",
    "{agent} wrote: can you update to {~version}? {customer} wrote: I have {version} and I can not update the {product}. {resolved} ref {id}",
    "It is not about the {~product}, that one works. It is about the {product}. {category} Order {order}. Do not write to {~email}, write to {email}. {wants_refund}\n{customer}",
    "{priority} {category} {id} / {customer} / {company} / {opened}",
    "warranty until {~date}\nfault on {since}\nletter of {opened}\narticle {product}\norder {order}, invoice {~code}\nsigned {customer}\nclerk {agent}",
]
REVIEWS = [
    "{rating} for {subject}, {~rating} for the {~subject} next door. {sentiment} {reviewer}",
    "Average of all reviews: {~rating}\vMy review: {rating}\n{title}\n{reviewer}, {date}\n{sentiment} {recommend}",
    "bought {visited} / written {date} / edited {~date}\n{subject} / {price} (list price {~price})\n+ {pros}\n- {cons}\n= {rating}",
    "{pros}: that's the good side of {subject}. {cons}: that's the other one. {price}: that's the bill. {rating}: that's it from me, {reviewer}.",
    "My wife had {~goods}, I had {dishes} at {subject}. She says {~rating}, I say {rating}, we both say: {recommend}",
    "In answer to {~person}, who found {subject} so wonderful: {sentiment} {cons} should have been mentioned. Yes, {pros}, but at {price}? {rating}. {reviewer}, {date}",
    "{reviewer} gave {rating}\n{~person} gave {~rating}\vboth about {subject}\n{helpful} people found the first review helpful\n{reviewer} writes: {sentiment} {recommend}",
]
BOOKINGS = [
    "requested: {~date} to {~date}\vconfirmed: {stay.check_in} to {stay.check_out}\n{hotel}, {room=}, {party} persons, {guest}\nlist price {~price}, your price {price}\n{code}",
    "{code} / {guest} / booked by {~person} for her boss\n{hotel}, {city}\narrives {stay.check_in}, leaves {stay.check_out}\ndeposit {deposit} of {price}",
    "Outbound: {flight}, {departs}, {origin} to {destination}\vInbound: {~code}, {~date}, details follow\nPassenger {guest}, seat {seat}, {cabin=}\nFare {price}, bag {~money}\nLocator {code}",
    "{when.time} on {when.date} at {hotel}: {guest}, {party} people (first they were {~integer}). Kitchen closes at {~time}. {requests} please.",
    "gate closes {~time}\ndeparture {departs.time}\narrival {arrives.time}\ndate {departs.date}\nflight {flight} {origin}-{destination} via {~city}\n{guest} {seat}",
    "We had asked for {~hotel}, which is full. You are booked at {hotel} in {city} instead, from {stay.check_in} to {stay.check_out}, {price}. Code {code}. {refundable} {guest}, please confirm to {email}.",
    "{party} of us, {stay.check_in} till {stay.check_out}, {room} {requests} That's what {guest} asks of {hotel}.",
    "Free cancellation ended on {~date}. Check-in {stay.check_in} after {~time}. Check-out {stay.check_out} before {~time}. Booking made {booked}. {guest}, {code}.",
]
JOBS = [
    "{title} at {company}, not at {~company} as you heard. {location}, {salary}, from {start}. Ask {contact}.",
    "Posted {posted}, interviews {~date}, deadline {deadline}, first day {start}.\n{title}, {company}\nthe boss is {~person}, the contact is {contact}",
    "they pay a junior {~salary}, for the {title} it's {salary}. {company}, {location}. until {deadline}, {email}",
    "client: {company}\nagency: {~company}\nrole: {title}\nsite: {location} (head office {~city})\nmust: {skills}\ncan: {nice}\ntheir number {~code}, our ref {ref}\ncontact: {contact}, {email}",
    "{salary} is the pay, {start} the first day, {deadline} the last day to apply, {location} the place, {contact} the person. The job? {title} with {company}. {employment}",
    "We extend the deadline from {~deadline} to {deadline}. The post of {title} at {company} is still open. {workplace} {level} Ref. {ref}.",
    "{company} has closed its office in {~location} and hires in {location}: {openings} times {title}. {employment} Form: {url}",
    "years asked: {years}\nyears the last one had: {~integer}\nwhat: {title}\nwho: {company}\nknow: {skills}\nget: {benefits}\nwrite: {contact} <{email}>",
]
LEASES = [
    "{tenant} follows {~tenant} as tenant of {address}; {landlord} follows {~landlord} as owner. Rent {rent} (before: {~rent}), from {starts}.",
    "viewing {~date}\nsigning {~date}\nkeys and start of lease {starts}\nend {ends}\ntenant {tenant}, guarantor {~person}\nowner {landlord}, manager {~company}",
    "cold rent {rent}\nheating {~money}\ndeposit {deposit}\nagent's fee {~money}\n{address}, {area}, {rooms} rooms\n{tenant}",
    "{rent} a month and {deposit} once: that is what {landlord} wants from {tenant} for {address}. {pets}",
    "The old lease ended on {~ends}. The new one runs from {starts} to {ends}. {tenant} moves from {~address} to {address}. Notice: {notice}.",
    "I, {tenant}, live at {~address} now and will live at {address} from {starts}. My landlord there is {landlord}, the one here is {~landlord}. I will pay {rent}.",
]
ESTATES = [
    "{price} (was {~price}) / {address} / {type=} / built {built}, renovated {~integer} years ago / {area} inside, {plot} outside / {agent}",
    "The neighbours' place: {~price}, {~area}. This place: {price}, {area}, {bedrooms} bedrooms. {address}. {agent}, {phone}.",
    "buyer's agent {~company}\nseller's agent {agent}\nproperty {address}\nasking {price}\nlast offer {~price}\n{bedrooms} bedrooms / {bathrooms} bathrooms\nplot {plot}, house {area}",
    "{bedrooms} bedrooms and {bathrooms} bathrooms on {area}: that is what {address} has. {plot} of land come with it. {built} is when it was built, {price} what it costs, {agent} whom to call.",
    "valued at {~price}, insured for {~price}, offered at {price}. {type} {address}. owner since {~date}: {~person}. contact: {agent}",
]
RECIPES = [
    "{servings} people, {prep} of cutting, {cook} in the oven, {temperature}: {name}. By {author}, after an idea of {~person}.",
    "The book says {~cook} at {~temperature}. {author} says {cook} at {temperature}. I say: {name} for {servings}! {difficulty}",
    "rest the dough {~prep}\nprep {prep}\nbake {cook}\noven {temperature}\nserves {servings}\n{name}\nphoto: {~person}, recipe: {author}",
    "{ingredients}: that is all you need for {name}. Not {~name}, that is another page. {vegetarian} {calories} each.",
    "doubled from {~servings} to {servings} portions, so the {name} needs {cook} now instead of {~cook}. {temperature} as always. {author}",
]
PRODUCTS = [
    "{price} instead of {~price}: {name} by {brand}, {color}. Old article {~sku}, new article {sku}. {stock}",
    "net weight {weight}, gross weight {~weight}\nsize {dimensions}, box {~dimensions}\n{name}, {brand}\ncode {sku}\nlist {price}",
    "{name} or {~name}? The first: {price}, {weight}, {battery}. The second: {~price}, {~weight}, {~battery}. We chose the first, in {color}, from {brand}.",
    "announced {~date}, on sale {released}\n{brand} {name}\n{price} at launch\n{warranty} warranty, {battery} battery\n{stock}",
    "{color} is the colour, {sku} the number, {price} the price, {brand} the maker. And the thing itself? {name}.",
    "sold by {~company}, made by {brand}: {name}. shipping {~money}, price {price}. {features}. {warranty} of warranty",
]

RIVALS = {"invoice": INVOICES, "email": EMAILS, "ticket": TICKETS, "review": REVIEWS, "booking": BOOKINGS, "job": JOBS, "lease": LEASES, "real estate": ESTATES, "recipe": RECIPES, "product": PRODUCTS}

__all__ = ["RIVALS"]

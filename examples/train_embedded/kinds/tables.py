"""Documents with rows: receipts, statements, school reports, plans of medicine, timetables, counts of stock, customs forms, price lists."""

from values import Source, Value, words

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, decimal, rows, shaped, titled, whole
from kinds.parts import clocked, count, money, phrase, yes_no


def goods(s: Source) -> Value:
    return words(s.goods())


FOODS = phrase("whole milk|rye bread|bananas|ground coffee|tomatoes|butter|eggs|orange juice|pasta|yoghurt|apples|olive oil|rice|cheddar|dish soap|honey")

SHOP = Kind(
    "shop receipt",
    listed(
        C("store", Source.company, "store|shop|merchant|market|seller|bought_at", "Where it was bought", "Store|Shop|Merchant|Market|Bought at", "bought at {}|The shop is {}.|thank you for shopping at {}|from {}|{} thanks you for your visit"),
        C("cashier", Source.person, "cashier|served_by|clerk|sales_person|till_operator", "Who sat at the till", "Cashier|Served by|Clerk|Op.|You were served by", "{} sat at the till.|served by {}|your cashier: {}|rung up by {}"),
        C("customer", Source.person, "customer|card_holder|buyer|loyalty_member|name", "Who bought it", "Customer|Card holder|Buyer|Member", "for {}|{} bought this.|card of {}|points go to {}", rare=True),
        C("lines", rows(["{qty} x {item}   {price}", "{item}  {price}  ({qty})", "- {qty} {item} {price}", "{item} / qty {qty} / {price}"], item=("item|name|article|product|description", FOODS), qty=("quantity|qty|count|number", whole(1, 12)), price=("price|amount|cost|line_total", money(1, 60))), "items|lines|articles|purchases|positions|bought", "All articles with number and price|List of what was bought", "Items|Articles|Positions|Bought", "Bought: {}|The articles: {}|On the belt: {}|This was in the basket: {}"),
        C("sum", money(5, 300), "total|sum|amount_due|to_pay|grand_total", "What has to be paid altogether", "Total|Sum|TOTAL DUE|To pay|Amount due", "total {}|to pay {}|which makes {}|the sum is {}|{} altogether"),
        C("given", money(5, 400), "cash_given|given|tendered|paid|received", "Money that was given to the cashier", "Cash|Given|Tendered|Received", "given {}|paid with {}|cash {}|handed over: {}"),
        C("change", money(1, 50), "change|change_given|returned|back", "Money given back", "Change|Back|Returned", "change {}|{} back|returned {}|you got {} back"),
        C("tax", money(1, 60), "tax|vat|tax_included|sales_tax", "Tax inside the total", "VAT incl.|Tax|incl. VAT|Sales tax", "including {} VAT|of that {} tax|tax {}|{} of it goes to the state"),
        C("when", Source.moment, "bought_at_time|timestamp|when|date_time|printed", "When it was bought", "Date|Printed|When|Time", "bought {}|printed {}|on {}|the till says {}", {"date": ("date|day|purchase_date", "Day of the purchase"), "time": ("time|hour|purchase_time", "Hour of the purchase")}),
        C("number", shaped("####|%###/##|R-######|###-####"), "receipt_number|receipt|number|bon|ticket", "Number of the receipt", "Receipt no.|Receipt|Bon|No.|Ticket", "receipt {}|number {}|bon {}|The receipt number is {}."),
        C("till", whole(1, 30), "till|register|checkout|pos", "Number of the till", "Till|Register|Checkout|POS", "till {}|at register {}|checkout {}|lane {}"),
        C("by_card", yes_no("Paid by card.|The card was charged.|Contactless payment.|Card payment approved.|with the credit card|No cash, card only.", "Paid in cash.|Cash payment.|Notes and coins.|cash, please|No card was used.|paid with cash money"), "card|paid_by_card|card_payment|cashless", "Whether a card was used", "Card payment|Cashless"),
    ),
    [
        "{store}\n{when}\nReceipt no.: {number}  Till: {till}\n{lines}\nTOTAL {sum}\nincl. VAT {tax}\nCash {given}\nChange {change}\nServed by: {cashier}",
        "{lines}\ntotal {sum}, i gave {given} and got {change} back. {store}, {when}",
        "BON {number}\ncashier {cashier}\n{lines}\nto pay {sum}\n{by_card}",
        "Dear {store},\non my receipt {number} of {when} you charged {sum} for this:\n{lines}\nThat is wrong. Your cashier {cashier} would not listen.\n{customer}",
        "{store}: {sum} on {when}. {by_card} Articles:\n{lines}",
        "checkout {till} / {cashier} / {number}\n{lines}\nsum {sum} / tendered {given} / back {change}",
        "Expense: groceries {sum} (VAT {tax}). What we got:\n{lines}",
        "The till printed {sum} although the basket had only this in it:\n{lines}\nSo I asked {cashier}. {by_card}",
        "--- {store} ---\n{lines}\n--- {sum} ---\n{when}\nmember {customer}",
        "Change: {change}\nGiven: {given}\nTotal: {sum}\nTax: {tax}\n{lines}",
    ],
    "Receipt|Thank you|CUSTOMER COPY|Hello,|SALE|Shopping list, done|Your purchase|Kassenbon / receipt",
    "Bags cost extra.|Goods may be exchanged within two weeks.|Collect your stickers.|Eggs are from the region.|Have a nice day.|Opening hours online.|The fridge was empty.|Please keep the slip.",
    "Thank you, come again|See you soon|Not valid as invoice|Bye|*** end ***|Served with a smile",
    order=(("tax", "sum"), ("sum", "given")),
    akin=(("by_card", "given"), ("by_card", "change")),
)

STATEMENT = Kind(
    "account statement",
    listed(
        C("holder", lambda s: s.person() if s.chance(0.7) else s.company(), "account_holder|holder|customer|name|owner", "Whose account it is", "Account holder|Holder|Customer|Owner", "account of {}|The holder is {}.|for {}|{} owns the account"),
        C("advisor", Source.person, "advisor|contact|bank_clerk|account_manager|your_contact", "Person at the bank", "Advisor|Your contact|Account manager", "Your advisor is {}.|ask {}|{} is there for you|looked after by {}", rare=True),
        C("account", shaped("##########|%##-######-#|@@## #### ####|####.####.##"), "account_number|account|number|account_no", "Number of the account", "Account|Account no.|Account number|A/C", "account {}|number {}|The account is {}.|kept under {}"),
        C("lines", rows(["{day}  {text}  {amount}", "{day}: {amount} {text}", "* {text}, {day}, {amount}", "{amount} on {day} ({text})"], day=("date|booked|booking_date|day", Source.date), text=("description|text|payee|details|purpose", lambda s: s.company() if s.chance(0.6) else words(s.any(["rent", "salary", "cash machine", "card fee", "interest", "refund"]))), amount=("amount|sum|value|booked_amount", money(2, 3000))), "bookings|entries|movements|transactions|lines", "All movements with day, text and amount", "Bookings|Movements|Transactions|Entries", "Movements: {}|These were booked: {}|The entries: {}|Transactions: {}"),
        C("opening", money(50, 20000), "opening_balance|old_balance|previous_balance|balance_before|start_balance", "Balance at the start", "Opening balance|Old balance|Previous balance|Brought forward", "opening balance {}|the old balance was {}|brought forward {}|at the start {}"),
        C("closing", money(50, 20000), "closing_balance|new_balance|balance_after|end_balance|current_balance", "Balance at the end", "Closing balance|New balance|Carried forward|Balance now", "closing balance {}|the new balance is {}|carried forward {}|at the end {}"),
        C("from", Source.date, "from|period_start|statement_from|since|first_day", "First day of the statement", "From|Period start|Statement from", "from {}|period beginning {}|since {}|the statement begins {}"),
        C("to", Source.date, "to|period_end|statement_to|until|last_day", "Last day of the statement", "To|Period end|Statement to|Until", "to {}|period ending {}|until {}|the statement ends {}"),
        C("sheet", whole(1, 60), "sheet|statement_number|page|statement_no", "Number of the statement", "Statement no.|Sheet|No.|Page", "statement no. {}|sheet {}|number {} of this year|page {}"),
        C("limit", money(100, 9000), "credit_limit|overdraft|overdraft_limit|limit", "How far the account may be overdrawn", "Credit limit|Overdraft|Limit", "overdraft up to {}|limit {}|you may overdraw by {}|credit limit of {}"),
        C("overdrawn", yes_no("The account is overdrawn.|You are in the red.|overdrawn, please pay in|The limit has been used.|below zero|minus on the account", "The account is in credit.|Not overdrawn.|You are in the black.|above zero|there is money left|in credit at all times"), "overdrawn|in_red|is_overdrawn|negative", "Whether the account is below zero", "Overdrawn|In the red"),
    ),
    [
        "STATEMENT no. {sheet}\nAccount holder: {holder}\nAccount: {account}\nFrom: {from}\nTo: {to}\nOpening balance: {opening}\n{lines}\nClosing balance: {closing}\n{overdrawn}",
        "Dear {holder},\nhere are the movements of your account {account} from {from} until {to}:\n{lines}\nThe new balance is {closing}. {overdrawn}",
        "brought forward {opening}\n{lines}\ncarried forward {closing}",
        "what's this? on my account {account}:\n{lines}\nand now only {closing} left, it was {opening}. {overdrawn} {holder}",
        "A/C {account} | {holder} | sheet {sheet} | limit {limit}\n{lines}",
        "Note from {advisor}: {holder} has a limit of {limit}. {overdrawn} Last entries:\n{lines}",
        "{opening} at the start, {closing} at the end, and in between this:\n{lines}\nperiod {from} / {to}",
        "{lines}\n(export of account {account}, from {from} to {to})",
        "The credit limit of {limit} was granted to {holder}. Statement {sheet}, opening {opening}, closing {closing}.",
        "Closing balance {closing}\nOpening balance {opening}\nOwner {holder}\nEntries:\n{lines}",
    ],
    "Account statement|Your account|Dear customer,|Online banking|STATEMENT|Export|Hello,|Kontoauszug / statement",
    "Please check the entries.|Objections within six weeks.|Interest is settled quarterly.|Keep this sheet.|The branch has moved.|Statements are also online.|Deposits are protected.|Use our app.",
    "Your bank|End of statement|Kind regards|No signature needed|Thank you|Turn over",
    order=(("from", "to"),),
    akin=(("overdrawn", "closing"),),
)

SCHOOL = Kind(
    "school report",
    listed(
        C("pupil", Source.person, "pupil|student|name|child|learner", "Whose report it is", "Pupil|Student|Name|Child|Learner", "report of {}|{} has worked well.|The pupil is {}.|for {}|our learner {}"),
        C("teacher", titled("Ms|Mr|Mrs"), "class_teacher|teacher|form_teacher|tutor|signed_by_teacher", "Class teacher", "Class teacher|Teacher|Form teacher|Tutor", "class teacher {}|{} leads the class.|signed by the teacher {}|taught by {}"),
        C("head", titled("Dr.|Ms|Mr"), "head|head_teacher|principal|school_head|director", "Head of the school", "Head|Head teacher|Principal|Director", "the head, {}|principal: {}|{} heads the school.|seen by the principal {}"),
        C("parent", Source.person, "parent|guardian|signature_of_parent|mother_or_father", "Parent who signs", "Parent|Guardian|Parent's signature", "seen by the parent {}|guardian {}|{} has signed at home|to the parent, {}"),
        C("school", composed("{i} Primary School|{c} Grammar School|{i} Academy|School on {i} Street|{p} School|{c} Comprehensive"), "school|school_name|institution|academy", "Name of the school", "School|School name|Institution", "at {}|The school is {}.|{} issues this report|pupil of {}"),
        C("form", shaped("%@|1#@|Year %|Grade %|%.%"), "class|form|grade_level|year_group|group", "Class of the pupil", "Class|Form|Year group|Group", "class {}|in {}|form {}|goes to {}"),
        C("marks", rows(["{subject}: {mark}", "{subject} .... {mark}", "{mark} in {subject}", "- {subject} ({mark})"], 2, 6, subject=("subject|course|name", lambda s: words(s.pick("Mathematics|English|History|Biology|Art|Music|Physics|Geography|French|Sports|Religion|Chemistry|Latin".split("|")))), mark=("grade|mark|score|result", whole(1, 15))), "marks|grades|results|subjects|scores", "Grades by subject", "Marks|Grades|Results|Subjects", "Marks: {}|The grades: {}|Results: {}|subjects and marks: {}"),
        C("absent", whole(0, 40), "days_absent|absences|missed_days|days_missed", "Days the pupil was away", "Days absent|Absences|Missed days", "{} days absent|absences: {}|missed {} days|away on {} days"),
        C("late", whole(0, 25), "times_late|late_arrivals|lateness|late", "How often the pupil was late", "Times late|Late arrivals|Late", "late {} times|{} late arrivals|came late {} times|lateness: {}"),
        C("date", Source.date, "report_date|date|issued_on|date_of_issue", "Date of the report", "Date|Report date|Issued on", "issued on {}|dated {}|the report of {}|{} (date of issue)"),
        C("meeting", Source.moment, "parents_evening|meeting|talk|appointment_with_parents", "When parents can come to talk", "Parents' evening|Talk|Meeting", "parents' evening {}|We can talk {}.|the meeting is {}|please come {}", rare=True),
        C("average", decimal(1, 15, 2), "average|mean|grade_point_average|overall_mark", "Average of the marks", "Average|Mean|Overall mark", "average {}|a mean of {}|overall {}|the average mark is {}"),
        C("promoted", yes_no("Promoted to the next class.|The pupil moves up.|will go up a year|Promotion is granted.|moved up with praise|The aim of the year was reached.", "Not promoted.|The year must be repeated.|will stay in this class|Promotion is refused.|The pupil does not move up.|The aim of the year was missed."), "promoted|passed|moves_up|year_passed", "Whether the pupil moves up", "Promoted|Moves up"),
    ),
    [
        "{school}\nSCHOOL REPORT\nPupil: {pupil}\nClass: {form}\n{marks}\nDays absent: {absent}\nTimes late: {late}\nAverage: {average}\n{promoted}\n\nClass teacher: {teacher}\nPrincipal: {head}\nDate: {date}",
        "Dear {parent},\nhere are the grades of {pupil}:\n{marks}\n{promoted} Parents' evening is {meeting}.\n{teacher}",
        "got my report!!\n{marks}\naverage {average}, {late} times late lol. {promoted}",
        "{pupil}, {form}, {absent} days absent, late {late} times. {promoted} Signed {teacher}, {head}.",
        "{marks}\npupil {pupil}\nissued {date}\nseen by {head}",
        "Conference notes: {pupil} ({form}) has an average of {average}. {promoted} {teacher} will talk to {parent} on this.\n{marks}",
        "To the parent: {parent}\nFrom: {teacher}\nAbout: {pupil}\n\n{absent} days were missed. The results:\n{marks}",
        "This is to certify that {pupil} attended {school} in class {form}. {promoted} {head}, {date}",
        "{school} / {form} / {pupil}\n{marks}\nmean {average}",
        "The parent {parent} has seen this report of {date}. {pupil} came late {late} times and missed {absent} days.",
    ],
    "School report|Report card|Dear parents,|Half-year report|MARKS|Hello,|Certificate|Zeugnis / report",
    "Effort is praised.|Homework was mostly done.|Keep reading.|Behaviour was good.|The choir was a joy.|Please sign and return.|Swimming badge gained.|Fifteen is the best mark.",
    "Signature|The school|End of report|With best wishes|Stamp|Enjoy the holidays",
)

MEDICINE = Kind(
    "medication plan",
    listed(
        C("patient", Source.person, "patient|name|for|taken_by|person", "Who takes the medicine", "Patient|Name|For|Person", "plan for {}|The patient is {}.|{} takes these.|prescribed for {}"),
        C("doctor", titled("Dr.|Dr|Prof."), "doctor|prescriber|prescribed_by|physician", "Who prescribed it", "Doctor|Prescriber|Prescribed by|Physician", "prescribed by {}|{} wrote the plan.|the doctor is {}|by order of {}"),
        C("pharmacist", Source.person, "pharmacist|dispensed_by|checked_by|chemist", "Who gave it out", "Pharmacist|Dispensed by|Checked by", "dispensed by {}|{} at the pharmacy checked it.|pharmacist: {}|given out by {}"),
        C("nurse", Source.person, "nurse|carer|given_by|helper", "Who gives the medicine", "Nurse|Carer|Given by", "{} comes to give it.|nurse {}|given by {}|the carer is {}", rare=True),
        C("drugs", rows(["{drug} {dose} mg at {time}", "{time}: {drug}, {dose} mg", "- {drug} ({dose} mg), {time}", "{dose} mg {drug} @ {time}"], 1, 5, drug=("drug|medicine|name|substance", composed("{i}in|{i}ol|{i}pril|{i}statin|{i}cillin|{i}oxetine|{i}")), dose=("dose_mg|dose|mg|strength", whole(1, 900)), time=("time|at|taken_at|hour", clocked(6, 23))), "medicines|drugs|medication|tablets|schedule", "All medicines with dose and hour", "Medicines|Medication|Drugs|Tablets", "Medicines: {}|To be taken: {}|The drugs: {}|plan: {}"),
        C("allergy", phrase("penicillin|latex|aspirin|iodine|nickel|bee stings|sulfa drugs"), "allergy|intolerance|allergic_to|must_avoid", "What the patient must not get", "Allergy|Allergic to|Intolerance", "allergic to {}|allergy: {}|must avoid {}|do not give {}"),
        C("diagnosis", phrase("high blood pressure|asthma|diabetes|gout|migraine|anaemia|heart failure|epilepsy"), "diagnosis|condition|illness|because_of", "What the medicine is for", "Diagnosis|Condition|Illness", "because of {}|diagnosis {}|suffers from {}|treated for {}"),
        C("starts", Source.date, "start|from|valid_from|begins_on", "First day of the plan", "From|Start|Valid from", "from {}|beginning {}|valid from {}|start on {}"),
        C("ends", Source.date, "end|until|stop_on|last_day", "Last day of the plan", "Until|End|Stop on", "until {}|stop on {}|last day {}|to {}"),
        C("review", Source.date, "review|next_check|check_on|review_date", "When it is checked again", "Review|Next check|Check on", "review on {}|next check {}|We look at it again on {}.|to be reviewed {}"),
        C("weight", decimal(3, 120, 1, "kg|kg"), "weight|weight_kg|body_weight|kg", "Weight of the patient", "Weight|Body weight|Kg", "weighs {}|weight {}|body weight of {}|at {}"),
        C("driving", yes_no("The patient may drive.|Driving is allowed.|fit to drive|You can drive with it.|no effect on driving|The medicine does not hinder driving.", "Do not drive.|Driving is forbidden.|not fit to drive|Keep away from the wheel.|You must not drive with it.|The medicine makes you too sleepy to drive."), "driving_allowed|may_drive|fit_to_drive|can_drive", "Whether the patient may drive", "Driving|May drive"),
    ),
    [
        "MEDICATION PLAN\nPatient: {patient}\nDoctor: {doctor}\nFrom: {starts}\nUntil: {ends}\nAllergy: {allergy}\n{drugs}\nReview: {review}\n{driving}",
        "hi {nurse}, for {patient} please:\n{drugs}\nno {allergy}, allergic! {driving} Stop on {ends}. {doctor}",
        "Dear colleague,\n{patient} suffers from {diagnosis} and takes\n{drugs}\nWe look at it again on {review}. {driving}\nYours, {doctor}",
        "dispensed by {pharmacist} to {patient}\n{drugs}\nprescriber {doctor}",
        "{drugs}\nvalid from {starts}, review {review}, {patient}, weight {weight}",
        "Discharge: {patient}, diagnosis {diagnosis}, body weight {weight}. Allergic to {allergy}. Medicines now:\n{drugs}",
        "On the fridge door of {patient}:\n{drugs}\n{nurse} comes to give it. {driving}",
        "The doctor, {doctor}, changed the plan of {patient} on {starts}: {diagnosis} has got better. Pharmacist {pharmacist} knows. {driving}",
        "until {ends}\nfrom {starts}\nfor {patient}\nallergic to {allergy}\n{drugs}",
        "Plan (reviewed {review})\n{drugs}\nprescribed by {doctor}, checked by {pharmacist}",
    ],
    "Medication plan|Plan|Dear colleague,|Pharmacy|PRESCRIPTION|Hello,|Care sheet|Medikationsplan / plan",
    "Take with water.|Not with grapefruit.|Keep out of reach of children.|Store below room temperature.|Ask your pharmacist.|Do not stop by yourself.|Bring this to every visit.|Shake before use.",
    "Get well soon|Signature|The pharmacy|End of plan|Kind regards|Keep this sheet",
    order=(("starts", "ends"),),
)

TIMETABLE = Kind(
    "timetable",
    listed(
        C("line", shaped("%##|S%|Bus %#|@%|RE %#|Tram %#"), "line|route|bus|service|line_number", "Number of the line", "Line|Route|Service|Bus", "line {}|The route is {}.|take the {}|service {}"),
        C("operator", Source.company, "operator|company|run_by|transport_company", "Who runs the line", "Operator|Run by|Company", "run by {}|operated by {}|{} runs the line.|the operator is {}"),
        C("first_stop", Source.city, "from|origin|first_stop|starts_in|terminus_a", "Where the line starts", "From|Origin|First stop|Starts in", "from {}|It starts in {}.|coming from {}|first stop {}"),
        C("last_stop", Source.city, "to|terminus|last_stop|ends_in|destination", "Where the line ends", "To|Terminus|Last stop|Direction", "to {}|It ends in {}.|bound for {}|last stop {}|direction {}"),
        C("stops", rows(["{time} {stop}", "{stop} {time}", "{stop}: dep. {time}", "- {stop} at {time}"], 2, 6, stop=("stop|station|name|place", composed("{i} Square|{i} Road|{i} Bridge|{c}|Market {i}|{i} Church|{i}")), time=("time|departs|departure|at", clocked(5, 23))), "stops|stations|calls_at|departures|halts", "All stops with their times", "Stops|Stations|Calling at|Departures", "Stops: {}|calling at: {}|The bus halts here: {}|Times: {}"),
        C("valid", Source.date, "valid_from|from_date|starts_on|effective", "First day of the timetable", "Valid from|Effective|As of", "valid from {}|as of {}|in force from {}|starting {}"),
        C("until", Source.date, "valid_until|until_date|ends_on|valid_to", "Last day of the timetable", "Valid until|Until|To date", "valid until {}|up to {}|ends on {}|no longer than {}"),
        C("first_bus", clocked(4, 7), "first_departure|first|first_bus|earliest", "First departure of the day", "First departure|First bus|Earliest", "first bus {}|the first leaves at {}|earliest at {}|begins at {}"),
        C("last_bus", clocked(20, 23), "last_departure|last|last_bus|latest", "Last departure of the day", "Last departure|Last bus|Latest", "last bus {}|the last leaves at {}|latest at {}|ends at {}"),
        C("every", count(3, 60), "interval|every|frequency_minutes|every_minutes", "Minutes between two departures", "Every (min)|Interval|Frequency", "every {} minutes|at intervals of {} minutes|one each {} minutes|a bus every {} min"),
        C("fare", money(1, 30), "fare|single_ticket|ticket_price|price", "Price of a single ticket", "Fare|Single ticket|Ticket|Single", "a single is {}|fare {}|the ticket costs {}|{} one way"),
        C("day_ticket", money(3, 60), "day_ticket|day_pass|daily_ticket|all_day", "Price of a ticket for the day", "Day ticket|Day pass|All day", "the day ticket is {}|{} for the whole day|day pass {}|all day long for {}"),
        C("sundays", yes_no("Runs on Sundays, too.|Also on Sundays and holidays.|Sunday service.|On Sundays as on weekdays.|daily, Sundays included|runs seven days a week", "Not on Sundays.|No Sunday service.|On Sundays no bus.|Monday to Saturday only.|except Sundays|weekdays only"), "sundays|runs_on_sunday|sunday_service|on_sundays", "Whether it runs on Sundays", "Sundays|Sunday service"),
        C("wheelchair", yes_no("Wheelchair access.|Low floor, barrier-free.|Wheelchairs can board.|All vehicles have a ramp.|accessible for wheelchairs|step-free", "No wheelchair access.|Wheelchairs cannot board.|High steps, not barrier-free.|not accessible|no ramp|no step-free entry"), "wheelchair|accessible|barrier_free|wheelchair_access", "Whether wheelchairs can board", "Wheelchair|Accessible", rare=True),
    ),
    [
        "Line {line}  {first_stop} - {last_stop}\nvalid from {valid}\n{stops}\nfirst bus {first_bus}, last bus {last_bus}\n{sundays}",
        "which bus? take the {line}, direction {last_stop}:\n{stops}\nit comes every {every} minutes. a single is {fare}. {sundays}",
        "{operator}\nTIMETABLE {line}\nFrom: {first_stop}\nTo: {last_stop}\nEvery (min): {every}\nFirst departure: {first_bus}\nLast departure: {last_bus}\nSingle ticket: {fare}\nDay ticket: {day_ticket}",
        "Dear passengers, from {valid} until {until} line {line} will be run by {operator}. {sundays} {wheelchair} New times:\n{stops}",
        "{stops}\n{fare} one way, {day_ticket} all day",
        "Roadworks! Until {until} the {line} does not call at all stops. It halts here:\n{stops}",
        "The last bus to {last_stop} leaves at {last_bus}, the first one at {first_bus}. {sundays} Fare: {fare}.",
        "route {line}; from {first_stop}; to {last_stop}; interval {every}; valid {valid} - {until}",
        "{wheelchair} {sundays} The day ticket of {operator} costs {day_ticket}.\n{stops}",
        "> how do I get to {last_stop}?\n\nWith {line} from {first_stop}:\n{stops}",
    ],
    "Timetable|Bus times|Dear passengers,|At the stop|DEPARTURES|Hello,|New times|Fahrplan / timetable",
    "Please board at the front.|Bicycles cost extra.|Times are approximate.|Tickets from the driver.|School holidays may differ.|Hold on tight.|The shelter has a roof.|Night buses have their own plan.",
    "Have a good trip|No liability|Your transport company|See you on board|Subject to change|End",
    order=(("valid", "until"), ("fare", "day_ticket")),
)

STOCK = Kind(
    "stock count",
    listed(
        C("warehouse", composed("{i} Depot|Warehouse {n}|{c} store|Cold store {n}|Hall {n}", n="2|3|4|B|C|North|South"), "warehouse|store|depot|location|where", "Where it was counted", "Warehouse|Store|Depot|Location", "in {}|The warehouse is {}.|counted at {}|stock of {}"),
        C("counter", Source.person, "counted_by|counter|taken_by|stocktaker", "Who counted", "Counted by|Counter|Stocktaker|Taken by", "counted by {}|{} counted.|the stocktaker was {}|count by {}"),
        C("checker", Source.person, "checked_by|checker|verified_by|second_person", "Who checked the count", "Checked by|Verified by|Second person", "checked by {}|{} checked it.|verified by {}|second pair of eyes: {}"),
        C("date", Source.date, "count_date|date|counted_on|stock_date", "Day of the count", "Date|Count date|Counted on", "counted on {}|stock of {}|the count was {}|as per {}"),
        C("last", Source.date, "last_count|previous_count|last_inventory|before", "Day of the count before", "Last count|Previous count|Before", "the last count was {}|previously {}|counted before on {}|last inventory {}"),
        C("lines", rows(["{article}: expected {planned}, counted {real}", "{article} | book {planned} | real {real}", "{real} of {planned} {article}", "{article} (should {planned}, is {real})"], 1, 5, article=("article|item|product|material", goods), planned=("expected|book_stock|target|should_be", whole(0, 900)), real=("counted|actual|real_stock|is", whole(0, 900))), "lines|articles|counts|items|positions", "All articles with expected and counted number", "Articles|Counts|Lines|Items", "Result: {}|The counts: {}|Articles: {}|This is what we found: {}"),
        C("loss", money(5, 9000), "shrinkage|loss|missing_value|difference_value", "Worth of what is missing", "Shrinkage|Loss|Missing value", "a loss of {}|shrinkage {}|goods worth {} are missing|{} short"),
        C("value", money(900, 200000), "stock_value|inventory_value|total_value|worth", "Worth of the whole stock", "Stock value|Inventory value|Worth", "the stock is worth {}|inventory value {}|{} of goods|stock value: {}"),
        C("positions", whole(3, 900), "number_of_articles|positions_counted|article_count|n_articles", "How many articles were counted", "Number of articles|Positions counted", "{} articles were counted|{} positions in all|number of articles: {}|we counted {} articles"),
        C("recount", yes_no("A recount is needed.|Please count again.|It must be counted a second time.|We order a recount.|to be recounted|the numbers do not match, count anew", "No recount is needed.|The count stands.|It need not be counted again.|accepted as it is|final count|no second count"), "recount|recount_needed|count_again|needs_recount", "Whether it must be counted again", "Recount|Recount needed"),
    ),
    [
        "STOCK COUNT {warehouse}\nDate: {date}\nCounted by: {counter}\nChecked by: {checker}\n{lines}\nStock value: {value}\nShrinkage: {loss}\n{recount}",
        "hi {checker}, i'm done with {warehouse}:\n{lines}\n{recount} /{counter}",
        "{lines}\n{counter}, {date}",
        "Dear auditors, in {warehouse} {positions} articles were counted on {date} by {counter}. The stock is worth {value}; goods worth {loss} are missing. {recount}",
        "Last count: {last}\nThis count: {date}\nPositions counted: {positions}\n{lines}",
        "{loss} short since {last}! {checker} wants to see these again:\n{lines}",
        "depot {warehouse}; counter {counter}; checker {checker}; worth {value}\n{lines}",
        "The previous count was {last}, this one {date}. {recount} {checker}",
        "We found\n{lines}\nin {warehouse}. Number of articles: {positions}.",
        "inventory value {value}\nloss {loss}\nrecount? {recount}\nverified by {checker}",
    ],
    "Stocktaking|Inventory|Hi all,|Warehouse|COUNT SHEET|Dear auditors,|Year end|Inventur / count",
    "The scanner battery died.|Two pallets were hidden.|Labels are missing in aisle four.|Please use pencils.|Doors stay closed while counting.|Broken goods were left out.|The list was printed twice.|Pizza for all helpers.",
    "End of count|Signed|Thanks|The warehouse|Filed|Regards",
    order=(("last", "date"), ("loss", "value")),
    akin=(("recount", "loss"),),
)

CUSTOMS = Kind(
    "customs declaration",
    listed(
        C("declarant", Source.person, "declarant|declared_by|signatory|signed", "Who declares the goods", "Declarant|Declared by|Signatory", "declared by {}|{} signs the form.|the declarant is {}|I, {}, declare"),
        C("exporter", Source.company, "exporter|sender|consignor|shipped_by", "Who sends the goods", "Exporter|Sender|Consignor", "exported by {}|the sender is {}|{} ships|from {}"),
        C("importer", Source.company, "importer|receiver|consignee|buyer", "Who receives the goods", "Importer|Receiver|Consignee", "imported by {}|the receiver is {}|{} buys|for {}"),
        C("origin", lambda s: words(s.pick("Norway|Turkey|Vietnam|Canada|Serbia|Morocco|Chile|Japan|Ukraine|Kenya".split("|"))), "country_of_origin|origin|made_in|from_country", "Where the goods were made", "Country of origin|Origin|Made in", "made in {}|origin {}|the goods come from {}|country of origin is {}"),
        C("destination", lambda s: words(s.pick("Germany|France|Poland|Spain|Sweden|Italy|Ireland|Austria|Greece|Denmark".split("|"))), "destination|country_of_destination|to_country|going_to", "Where the goods go", "Destination|Country of destination|Going to", "bound for {}|destination {}|to {}|the goods go to {}"),
        C("goods", rows(["{what}, {pieces} pcs, {worth}", "{pieces} {what} worth {worth}", "- {what}: {worth} ({pieces})", "{pieces} x {what} = {worth}"], 1, 4, what=("description|goods|item|content", goods), pieces=("quantity|pieces|number|qty", whole(1, 400)), worth=("value|worth|declared_value|customs_value", money(5, 4000))), "goods|contents|items|declared_goods|articles", "All goods with number and value", "Goods|Contents|Items|Articles", "Contents: {}|The goods: {}|We declare: {}|inside there is: {}"),
        C("gross", decimal(1, 900, 1, "kg|kg"), "gross_weight|gross|weight_with_packing|total_weight", "Weight with the packing", "Gross weight|Gross|Gr. wt", "gross {}|{} with packing|gross weight of {}|in all {} gross"),
        C("net", decimal(1, 900, 1, "kg|kg"), "net_weight|net|weight_without_packing|goods_weight", "Weight without the packing", "Net weight|Net|Nt. wt", "net {}|{} without packing|net weight of {}|goods alone {} net"),
        C("duty", money(3, 3000), "duty|customs_duty|tariff|import_duty", "Duty to be paid", "Duty|Customs duty|Import duty", "duty {}|{} of duty|customs take {}|a duty of {} is due"),
        C("vat", money(3, 3000), "import_vat|vat|turnover_tax|tax", "Tax on the import", "Import VAT|VAT|Tax", "import VAT {}|plus {} VAT|tax: {}|the tax is {}"),
        C("code", shaped("%### ## ##|##.##.##|########|%###.## ####"), "tariff_code|hs_code|commodity_code|code", "Code of the goods in the tariff", "Tariff code|HS code|Commodity code", "HS code {}|under tariff {}|the commodity code is {}|classified as {}"),
        C("number", shaped("##@@############@#|MRN-######|CN%%-####|D######"), "declaration_number|mrn|number|entry", "Number of the declaration", "MRN|Declaration no.|Entry", "MRN {}|declaration {}|entered as {}|The number is {}."),
        C("date", Source.date, "date|declared_on|declaration_date|signed_on", "Day of the declaration", "Date|Declared on|Signed on", "declared on {}|signed {}|on {} we declared|date {}"),
        C("gift", yes_no("It is a gift.|Sent as a present.|No commercial value, a gift.|gift parcel|a birthday present, nothing else|given, not sold", "Commercial goods.|It is not a gift.|sold goods|a sale, no present|merchandise|bought and paid for"), "gift|is_gift|present|non_commercial", "Whether it is a gift", "Gift|Is gift"),
    ),
    [
        "CUSTOMS DECLARATION {number}\nExporter: {exporter}\nImporter: {importer}\nOrigin: {origin}\nDestination: {destination}\n{goods}\nGross weight: {gross}\nNet weight: {net}\nDeclarant: {declarant}\nDate: {date}",
        "hello, my parcel is stuck. it's\n{goods}\nfrom {origin}. {gift} They want {duty} duty and {vat} VAT. number {number}",
        "Duty: {duty}\nImport VAT: {vat}\nTariff code: {code}\nMRN: {number}\n{goods}",
        "I, {declarant}, declare that the parcel of {exporter} to {importer} contains\n{goods}\n{gift} Signed {date}.",
        "{gross} gross, {net} net, HS code {code}, from {origin} to {destination}",
        "Dear {importer},\nyour goods were cleared on {date}. Customs take {duty}; the tax is {vat}. {gift}\n{declarant}",
        "{goods}\nsender {exporter}\nreceiver {importer}\nnet {net}\ngross {gross}",
        "CN 23 / {number}\n[x] {gift}\n{goods}\ncountry of origin: {origin}",
        "Pro forma: {exporter} ships to {importer}, {destination}, goods made in {origin}, tariff {code}. {gift}",
        "exporter;importer;origin;dest;gross;net;duty\v{exporter};{importer};{origin};{destination};{gross};{net};{duty}",
    ],
    "Customs|Declaration|Dear customs office,|Shipping papers|CN 23|Hello,|Import notice|Zollerklärung / declaration",
    "False statements are punished.|The invoice is attached.|No dangerous goods.|Please open with care.|Storage costs are extra.|The seal was intact.|Copies for the file.|All values at the border.",
    "Signature|Stamp|End of form|Regards|Copy 3|Cleared",
    order=(("net", "gross"),),
)

KINDS = [SHOP, STATEMENT, SCHOOL, MEDICINE, TIMETABLE, STOCK, CUSTOMS]

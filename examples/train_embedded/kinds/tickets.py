"""Support tickets and complaints."""

from values import Source, Value, words

from kinds import Concept, Kind, listed

ISSUES = {
    "billing": "I was charged twice|the invoice amount is wrong|my card was debited two times|I see a fee that I do not recognise|please correct my bill|the discount is missing on my bill",
    "login": "I cannot log in|my password is not accepted|the account is locked|I never get the reset mail|two-factor codes fail|it says wrong user name",
    "bug": "the app crashes when I open it|the export button does nothing|I get an error 500|the page stays blank|the screen freezes|saving fails with an exception",
    "shipping": "my parcel has not arrived|the package is lost|delivery is two weeks late|the courier never came|tracking shows no movement|it went to the wrong address",
    "refund": "I want my money back|please refund the order|I sent it back and got no refund|I would like a reimbursement|when will I be repaid|give me back what I paid",
    "feature": "it would be great to have a dark mode|please add an export to Excel|could you support Italian|I miss a search box|a calendar view would help|please build an API",
    "account": "please change my e-mail address|delete my account|I need to update my name|how do I add a user|change the owner of our workspace|close our account",
    "hardware": "the screen is cracked|the device does not turn on|the battery dies in an hour|one of the buttons is broken|it arrived damaged|it makes a loud noise",
}
SPELL = ["billing|login|bug|shipping|refund|feature|account|hardware",
         "payment|access|technical|delivery|refund|feature_request|account|hardware",
         "Billing|Authentication|Software bug|Delivery|Refund|Feature request|Account|Hardware"]


def category(s: Source) -> Value:
    value = s.choice(SPELL, {i: "|".join(t[0].upper() + t[1:] + "." for t in said.split("|")) for i, said in enumerate(ISSUES.values())})
    options = value.schema["enum"]
    chosen = value.json[1:-1]
    keep = [*s.r.sample([o for o in options if o != chosen], s.r.randint(2, 7)), chosen]
    s.r.shuffle(keep)
    value.schema = {"type": "string", "enum": keep}
    return value


KIND = Kind(
    "ticket",
    listed(
        Concept("id", lambda s: s.code("TCK", "CASE", "SR", "T", "REQ", "HD"), "ticket_id|id|ticket|case_number|ticket_number|reference|case_id|request_id|ticketId",
                "Ticket number|Identifier of the ticket|Case reference", "Ticket|Ticket ID|Case|Ticket #|Case no.|Request|Ref|ID|TICKET",
                "My ticket is {}.|This is about case {}.|You gave me the number {}.|Reference {}.|see ticket {}|the request got the id {}"),
        Concept("customer", Source.person, "customer|name|customer_name|reporter|user|requester|client|reported_by|contact_name|submitted_by",
                "Who reported it|Name of the customer|Person who opened the ticket", "Customer|Name|Reporter|User|Requester|Client|Opened by|Submitted by|Contact",
                "My name is {}.|This is {} speaking.|Regards, {}|I am {}, a customer of yours.|Thanks, {}|{} here.|Reported by {}.|The user {} called us."),
        Concept("email", lambda s: s.email(), "email|customer_email|contact_email|user_email|e_mail|mail|contact", "Address of the customer|E-mail to answer to",
                "Email|E-mail|Contact|Mail|User e-mail", "My e-mail is {}.|You can write to {}.|registered under {}|The account is {}.|contact me at {}|Answer to {} please."),
        Concept("product", Source.thing, "product|product_name|app|item|device|software|affected_product|system|component",
                "What it is about|Affected product|Product with the problem", "Product|App|Device|Item|Software|Affected product|System",
                "I use {}.|It happens with the {}.|I bought the {} recently.|The problem is in {}.|my {} has a problem|We have been running {} for a year.|this concerns {}"),
        Concept("version", lambda s: words(s.any([f"{s.r.randint(0, 20)}.{s.r.randint(0, 30)}", f"{s.r.randint(0, 12)}.{s.r.randint(0, 30)}.{s.r.randint(0, 30)}", f"v{s.r.randint(1, 9)}.{s.r.randint(0, 9)}"])),
                "version|app_version|software_version|release|build|firmware", "Version in use|Software version", "Version|Release|App version|Build|Firmware",
                "I have version {}.|We are on {}.|running release {}|Since {} it is broken.|installed version: {}|updated to {}"),
        Concept("order", lambda s: s.code("ORD", "O", "A"), "order_number|order_id|order|order_no|purchase_id", "Order it belongs to|Number of the order", "Order|Order no.|Order number|Order ID",
                "My order number is {}.|It was order {}.|I placed order {} with you.|for order {}|regarding my purchase {}|(order {})"),
        Concept("opened", Source.date, "opened|date|created|created_at|reported_on|opened_on|date_opened|created_on|submitted",
                "When it was reported|Day the ticket was opened|Date of the report", "Opened|Date|Created|Reported on|Submitted|Created on|Logged", "I first wrote on {}.|Reported {}.|opened on {}|The ticket was created on {}.|on {} I contacted you|Logged {}."),
        Concept("since", Source.date, "since|started|first_seen|occurred_on|incident_date|started_on|problem_since|happened_on", "When the problem began|Day it happened first|Date of the incident", "Since|First seen|Occurred|Started|Incident date",
                "It started on {}.|Since {} this is so.|It happened on {}.|The trouble began {}.|This has been going on since {}.|first noticed on {}"),
        Concept("category", category, "category|type|issue_type|topic|area|kind|problem_type|department|queue", "What kind of problem it is|Kind of request|Area of the problem|Which team should handle it", "Category|Type|Topic|Area|Issue type"),
        Concept("priority", lambda s: s.choice(
                ["low|medium|high|urgent", "low|normal|high|critical", "minor|moderate|major|blocker", "P4|P3|P2|P1", "low|medium|high|critical"],
                {0: "No hurry with this.|It is a small thing.|Just cosmetic.|Whenever you have time.|It does not bother me much.|Not important at all.",
                 1: "It would be good to have it fixed soon.|It is annoying but I can work.|There is a workaround for now.|Some of us are affected.|Please look at it in the next days.|It slows me down a bit.",
                 2: "This is important to us.|It blocks an important part of my work.|Many users are affected.|Please fix this quickly.|We really need this soon.|It costs us money each day.",
                 3: "Everything is down, please help immediately!|We cannot work at all!|This is an emergency.|Production is down.|All our customers are affected right now.|Drop everything and fix this!"}),
                "priority|severity|urgency|importance|prio|level", "How urgent it is|Severity|Priority of the ticket|How bad the problem is", "Priority|Severity|Urgency|Prio|Importance"),
        Concept("status", lambda s: s.choice(
                ["open|in progress|waiting|resolved|closed", "new|in progress|pending|solved|closed", "open|working|on hold|fixed|closed"],
                {0: "Nobody has answered yet.|I am still waiting for a first reply.|This is a new report.|No one looked at it so far.|It has not been assigned.|just opened",
                 1: "An engineer is working on it.|We are looking into it.|Someone is investigating.|The team is on it.|Our developers are analysing this now.|work has begun",
                 2: "We are waiting for the customer.|It is on hold until we hear from you.|Waiting for your answer.|paused until the part arrives|Pending customer reply.|We need more information first.",
                 3: "The problem has been solved.|It works again, thank you.|Fixed with the latest update.|That did the trick.|Resolved by a restart.|All good now."}),
                "status|state|ticket_status|progress", "Where the ticket stands|State of the ticket", "Status|State"),
        Concept("sentiment", lambda s: s.choice(
                ["angry|neutral|happy", "negative|neutral|positive", "frustrated|calm|satisfied"],
                {0: "I am furious!|This is outrageous.|What a terrible service.|I have had enough of this.|Absolutely ridiculous.|This makes me really angry.",
                 1: "I would like to report a problem.|Please have a look.|Kindly check.|Here is what I see.|I wanted to report this.|For your information.",
                 2: "I love your product otherwise.|You are always so helpful!|Great service so far.|I am very happy with you in general.|Thank you, your team is wonderful.|You guys rock."}),
                "sentiment|mood|tone|feeling|emotion", "Mood of the customer|How the writer feels|Tone of the message", "Mood|Sentiment"),
        Concept("agent", Source.person, "agent|assigned_to|assignee|owner|handled_by|support_agent|technician", "Who handles it|Support person|Assigned employee", "Agent|Assigned to|Assignee|Owner|Handled by|Technician",
                "Your colleague {} helped me.|I spoke with {}.|Assigned to {}.|{} from your team answered.|{} takes care of it.|handled by {}"),
        Concept("resolved", lambda s: s.flag("It has been fixed.|The problem is gone.|This is solved now.|It works again.|All fine now.|Resolved.|issue closed", "It still does not work.|The problem persists.|Nothing has changed.|I am still stuck.|No solution so far.|It keeps happening.|not solved"),
                "resolved|is_resolved|solved|fixed|closed", "Whether it is solved|True if fixed", "Resolved|Solved|Fixed"),
        Concept("wants_refund", lambda s: s.flag("I want my money back.|Please refund me.|I demand a refund.|Kindly return the money.|I expect a full refund.|Refund please.|I'd like to be reimbursed", "I do not need a refund.|No refund needed.|I don't want the money back.|Keep the money, just fix it.|A refund is not necessary.|I want to keep it."),
                "refund_requested|wants_refund|refund|asks_refund", "Whether the customer wants money back|True if a refund is asked for", "Refund requested|Refund", rare=True),
        Concept("phone", Source.phone, "phone|phone_number|callback|tel|contact_phone", "Number to call back|Phone", "Phone|Tel|Callback", "Call me at {}.|My phone is {}.|ring me: {}|Phone {}.|I can be reached on {}.", rare=True),
        Concept("error", lambda s: words(s.any([f"E{s.r.randint(10, 9999)}", f"ERR_{s.invented().upper()}", f"0x{s.r.randint(4096, 65535):X}", f"{s.any([400, 401, 403, 404, 500, 502, 503])}", f"{s.invented()}Error", f"ERR-{s.r.randint(100, 999)}"])),
                "error_code|error|code|error_message", "Error shown|Error code", "Error|Error code|Code", "It shows error {}.|The code is {}.|I see {} on the screen.|fails with {}|The message says {}.|error: {}"),
        Concept("company", Source.company, "company|organisation|account|customer_company|organization|client_company", "Company of the customer|Organisation", "Company|Account|Organisation", "We are {}.|I work for {}.|I write for {}.|on behalf of {}|here at {}", rare=True),
    ),
    [
        "Ticket: {id}\nOpened: {opened}\nCustomer: {customer} ({email})\nProduct: {product}\n\n{category} {priority}",
        "Hi support,\n\n{category} I use {product}, version {version}. It started on {since}. {priority} {sentiment}\n\n{customer}",
        "[{id}] {category}\nReporter: {customer}\nAssigned to: {agent}\nStatus: {status}\n\nThe {product} shows {error}. {resolved}",
        "Dear team,\n{sentiment} I ordered {product} (order {order}) and {category} {wants_refund}\nRegards\n{customer}\n{email}\n{phone}",
        "{customer} from {company} called on {opened} about {product}: {category} {priority} {agent} takes it. {status}",
        "#{id} | {product} {version} | {customer}\n{category}\nFirst seen {since}. Error {error}.\n{priority}\n\n> Thanks for contacting us, {agent} will help you.\n{resolved}",
        "Hello,\nI'm {customer}. {category} The order is {order}. {wants_refund} {sentiment} Mail me at {email}.",
        "CASE {id}\nCreated {opened} by {customer}\nSeverity: {priority}\nComponent: {product}\n---\n{category} {error}\n---\n{agent}: {status}",
    ],
    "Hello,|Hi support,|Dear support team,|Support request|Hi there|TICKET|Good day,|New message from the contact form",
    "I already restarted twice.|I tried everything in the manual.|Please help.|I look forward to your answer.|A colleague has the same.|My computer is three years old.|I have been a customer for years.|Screenshot attached.|It worked last month.|Sorry for the long text.|> We received your message.|> Our team will answer within two days.|I cleared the cache too.",
    "Thanks|Best|Regards|Thank you in advance|Sent from my phone|Kind regards|--\nThis is an automatic message.",
)

"""E-mails and threads: who, what about, what to do by when."""

from values import Source, Value, words

from kinds import Concept, Kind, listed
from kinds.parts import bulleted

TASKS = (
    "send the signed contract|update the slides|book the meeting room|call the supplier|review the draft|"
    "prepare the budget|share the test results|order new badges|check the figures|invite the design team|"
    "fix the login page|translate the brochure|renew the licence|back up the server|draft a press release|"
    "confirm the hotel|collect feedback|close the old accounts|write the minutes|ask legal for approval|"
    "upload the photos|approve the timesheets|schedule interviews|pay the deposit|print the posters|"
    "water the plants|pick up the parcels|return the projector|proofread the flyer|count the stock|tell the landlord|cancel the subscription|"
    "forward the invoice|reserve a van|make copies of the keys|unlock the side door|talk to the neighbours|bring a cake|fill in the form|"
    "sign page four|remove the old posters|restart the router|change the password|write to the insurance|send me your bank details|"
    "book two train tickets|ask for a better price|move the boxes to the cellar|reply to the customer|clean up the shared folder|call me back|"
    "check the spelling of the names|order lunch for twelve|test the microphones|add the new members to the list|find a photographer"
).split("|")
TOPICS = (
    "Quarterly review|Project kickoff|Server migration|Office move|New pricing|Team lunch|Contract renewal|"
    "Website launch|Budget 2026|Holiday schedule|Board meeting|Product demo|Security audit|Training day|"
    "Delivery delay|Job interview|Conference talk|Data export|Your application|Printer problem|Travel plans|"
    "Lost keys|Summer party|Minutes of Monday|Broken window in the hall|New phone numbers|Question about the contract|Parking spaces|Christmas cards|"
    "Room for the workshop|Sick leave|Feedback on your draft|Invitation to the opening|Old computers|Changed opening hours|Farewell drinks|Photos from the trip|"
    "Second reminder|Proposal for the spring campaign|Missing pages|Tax documents|Visit of the inspectors|Fire drill|Our call yesterday|Heating in building C|"
    "List of participants|Thank you|Proofs of the catalogue|Access card|Samples from the mill|School project|Change of address|Rent for the hall"
).split("|")
FILES = "report plan budget contract minutes photo slides offer agenda invoice scan draft list figures letter map receipt protocol logo timetable survey form summary menu poster estimate".split()


def subject(s: Source) -> Value:
    topic = s.pick(TOPICS)
    extra = s.any(["", "", f" - {s.invented()}", f" {s.invented()}", f" ({s.invented()})", f" with {s.company().text}"])
    return words(topic + extra)


def task(s: Source) -> str:
    return s.pick(TASKS) if s.chance(0.6) else f"{s.any(['send', 'check', 'update', 'call', 'review', 'order', 'prepare'])} {s.any(['the ' + s.invented() + ' file', s.person().text, 'the ' + s.pick(FILES), s.thing().text])}"


def tasks(s: Source) -> Value:
    items = s.several(lambda: task(s), 1, 4)
    value = s.series(items)
    return bulleted(s, value, items) if s.chance(0.6) else value


def people(s: Source) -> Value:
    return s.series(s.several(lambda: s.person().text, 1, 3))


def files(s: Source) -> Value:
    return s.series(s.several(lambda: f"{s.pick(FILES)}{s.any(['', '_v2', '-final', '_' + s.invented().lower(), str(s.r.randint(1, 99))])}.{s.any(['pdf', 'docx', 'xlsx', 'png', 'zip'])}", 1, 3))


KIND = Kind(
    "email",
    listed(
        Concept("sender", Source.person, "sender|from|from_name|author|sent_by|sender_name|writer|from_person",
                "Who wrote it|Name of the sender|The author of the mail|Person who sent the message",
                "From|Sender|Von|FROM|Sent by|Author", "This is {} writing.|My name is {}.|Best regards, {}|Cheers,\n{}|Kind regards\n{}|Yours, {}|Thanks\n{}|- {}|Sincerely,\n{}"),
        Concept("sender_email", lambda s: s.email(), "sender_email|from_email|from_address|email|reply_to|sender_address",
                "Address of the sender|E-mail to answer to", "From|Reply-To|E-mail|Email|Mail", "You can reach me at {}.|Reply to {}.|my address is {}|Write to {}.|mail me: {}|<{}>"),
        Concept("recipient", Source.person, "recipient|to|to_name|addressee|receiver|recipient_name|sent_to",
                "Who it is addressed to|Name of the recipient|The person written to", "To|Recipient|An|TO|Sent to",
                "Dear {},|Hi {},|Hello {},|Good morning {},|Hey {}!|Dear Mr. {},|Ciao {},"),
        Concept("cc", people, "cc|copied|cc_names|in_copy|others", "People in copy|Who else received it", "Cc|CC|Copy", "I copy {}.|{} in cc.|cc'ing {}|I have put {} in copy.|adding {} to the loop", rare=True),
        Concept("subject", subject, "subject|title|topic|about|subject_line|regarding|re",
                "Subject line|What the mail is about|Topic of the message", "Subject|Betreff|SUBJECT|Re|Topic|Subj",
                "I am writing about {}.|This is regarding {}.|It's about {}.|concerning {}|A word on {}.|my question is about {}"),
        Concept("sent", Source.date, "date|sent|sent_on|sent_date|date_sent|written_on|email_date",
                "Day it was sent|Date of the message|When it was written", "Date|Sent|Datum|DATE|Sent on", "I write this on {}.|Today is {}.|written {}|sent {}|On {} I sit down to write.|as of {}"),
        Concept("meeting", Source.moment, "meeting|meeting_at|meeting_time|appointment|when|starts_at|meeting_datetime|call_at",
                "When the meeting is|Start of the meeting|Date and time of the appointment", "Meeting|When|Appointment|Call|Time",
                "Let's meet on {}.|The meeting is on {}.|Can we talk on {}?|I scheduled a call for {}.|See you on {}.|How about {}?|We will get together on {}.|The call takes place {}.",
                {"date": ("meeting_date|meeting_day|day|appointment_date|call_date", "Day of the meeting|Date of the meeting|On which day they meet"),
                 "time": ("meeting_time|time|start_time|at|hour", "Time of the meeting|At what time|Start time")}),
        Concept("place", lambda s: s.city() if s.chance(0.4) else words(s.any([f"room {s.r.randint(1, 500)}", f"Room {s.invented()}", "Zoom", "Teams", "the canteen", f"the {s.invented()} office", s.place().text, f"Building {s.r.randint(1, 20)}"])),
                "location|place|where|meeting_place|room|venue|meeting_location", "Where it takes place|Place of the meeting", "Where|Location|Place|Room|Venue",
                "We meet in {}.|It takes place at {}.|The venue is {}.|Place: {}.|we will be in {}|Come to {}."),
        Concept("deadline", Source.date, "deadline|due|due_date|needed_by|by_when|respond_by|reply_by|answer_by",
                "Last day to answer|When it must be done|Deadline mentioned", "Deadline|Due|Until|Needed by|Please reply by",
                "I need it by {}.|Please answer before {}.|The deadline is {}.|Could you do this until {}?|It must be done by {}.|We need your reply no later than {}.|due on {}"),
        Concept("tasks", tasks, "tasks|action_items|todos|to_do|requests|next_steps|actions|asks|action_points",
                "What the reader should do|Things asked for|List of action items|Open tasks", "To do|Action items|Next steps|Tasks|TODO|Please",
                "Please {}|Could you {}?|What is left to do: {}|I would like you to {}|We still have to {}|Next steps: {}|can you please {}"),
        Concept("files", files, "attachments|files|attached|attached_files|documents|attachment_names", "Names of attached files|What is attached", "Attachments|Attached|Files",
                "I attach {}.|Attached you find {}.|see {} attached|Enclosed: {}|Have a look at {}.|I added {} to this mail."),
        Concept("company", Source.company, "company|organisation|organization|employer|sender_company|firm", "Company of the sender|Organisation", "Company|Organisation|Firm",
                "I work at {}.|I write on behalf of {}.|We at {} would like to thank you.|{}|from {}|here at {}", rare=True),
        Concept("phone", Source.phone, "phone|phone_number|mobile|tel|telephone|callback_number", "Phone number|Number to call", "Phone|Tel|Tel.|Mobile|M|T", "Call me on {}.|My number is {}.|Tel. {}|reach me by phone: {}|ring {} if urgent", rare=True),
        Concept("urgent", lambda s: s.flag(
                "This is urgent!|It is very urgent.|ASAP please!|We need this immediately.|This can not wait.|Please treat this as top priority.|URGENT",
                "There is no rush.|Take your time.|No hurry.|Whenever you have a minute.|This is not urgent.|It can wait.|low priority"),
                "urgent|is_urgent|high_priority|needs_attention", "Whether it is urgent|True if it cannot wait", "Urgent"),
        Concept("intent", lambda s: s.choice(
                ["request|information|complaint|invitation|thanks", "question|update|complaint|invite|thank you", "ask|inform|complain|invite|thank"],
                {0: "Could you help me with something?|I have a request.|May I ask you a favour?|I would need something from you.|Can you tell me more?|I have a question.",
                 1: "Just to keep you informed.|For your information.|A short update from our side.|FYI.|I wanted to let you know how things stand.|Here is where we are.",
                 2: "I am very disappointed.|This is not acceptable.|I must complain.|We are unhappy with the service.|I am writing to express my dissatisfaction.|This was a bad experience.",
                 3: "You are invited!|We would love you to join us.|I would like to invite you.|Please come.|Join us!|Will you be our guest?",
                 4: "Thank you so much for your help.|Many thanks for everything.|I just wanted to say thanks.|I really appreciate what you did.|We are so grateful.|Thanks a million!"}),
                "intent|type|purpose|category|kind|message_type", "What the writer wants|Purpose of the mail|Kind of message", "Type|Category"),
    ),
    [
        "From: {sender} <{sender_email}>\nTo: {recipient}\nDate: {sent}\nSubject: {subject}\n\nHi,\n\nlet's meet on {meeting} in {place}. Please {tasks}\n\nBest\n{sender}",
        "Subject: {subject}\n\nDear {recipient},\n\n{intent} The meeting is set for {meeting}. {urgent}\n\nKind regards,\n{sender}\n{company}\nTel. {phone}",
        "{sender} wrote on {sent}:\n> Hello {recipient},\n> I need the {subject} papers by {deadline}.\n> {urgent}\n> {sender}\n\nWill do, thanks.",
        "Hello {recipient},\n\n{intent}\n\nI attach {files}. Please have a look until {deadline}.\n\n{sender}\n--\n{sender}\n{company}\n{sender_email}",
        "To: {recipient}\nCc: {cc}\nFrom: {sender}\nRe: {subject}\n\n{tasks}\nAll of this by {deadline} please. {urgent}",
        "Hey {recipient}, can we move our call to {meeting}? I'd be in {place}. {sender}",
        "-----Original Message-----\nFrom: {sender}\nSent: {sent}\nTo: {recipient}\nSubject: {subject}\n\n{intent}\n{tasks}\nRegards\n{sender}",
        "Hi {recipient}\nmy colleague {cc} told me about {subject}. {intent} Could we meet {meeting}?\nYou can reach me under {phone} or {sender_email}.\nThanks, {sender} ({company})",
    ],
    "Hello,|Hi all,|Hi,|Good morning,|Dear colleagues,|Hey,|Dear team,",
    "I hope you are well.|It was nice to see you last week.|Sorry for the late reply.|As discussed on the phone.|The weather here is awful.|Let me know what you think.|I look forward to hearing from you.|As you know, things are moving fast.|Please find the details below.|I was on holiday for two weeks.|We talked about this before.|> Thanks for your mail.|> Could you send me the details?",
    "Best regards|Best|Cheers|Thanks!|Kind regards|See you soon|Sent from my phone|This message is confidential.|-- \nsent with Mailo",
)

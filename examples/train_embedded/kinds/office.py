"""Minutes of meetings, timesheets, plans of shifts, notes of phone calls."""

from values import Source

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, decimal, member, shaped
from kinds.parts import clocked, count, measure, one_of, people, phrase, yes_no

MINUTES = Kind(
    "meeting minutes",
    listed(
        C("topic", composed("{adj} {noun}|{noun} of the {i} project|{i} {noun}|Weekly {noun}|{noun} with {i}|Review of {i}", adj="Quarterly|Monthly|Annual|Technical|Urgent|Joint", noun="planning|steering committee|budget review|status meeting|kick-off|safety round|retrospective|board meeting"), "topic|subject|meeting|title|meeting_name|about", "What the meeting was about|Name of the meeting|Subject", "Topic|Subject|Meeting|Title|Re|About", "The meeting was about {}.|subject: {}|{} was held.|We met for {}.|minutes of {}|it was the {}"),
        C("chair", Source.person, "chair|chaired_by|moderator|led_by|chairperson|host", "Who led the meeting|Chair", "Chair|Chaired by|Moderator|Led by|Chairperson|In the chair", "{} was in the chair.|chaired by {}|led by {}|{} moderated.|{} opened the meeting.|The chair, {}, welcomed all."),
        C("secretary", Source.person, "minutes_by|secretary|taken_by|note_taker|recorder|scribe", "Who wrote the minutes|Note taker", "Minutes by|Secretary|Minutes|Taken by|Scribe|Recorder|Protokoll", "{} took the minutes.|minutes: {}|written by {}|{} noted everything.|The secretary was {}.|recorded by {}"),
        C("present", people(2, 5), "attendees|present|participants|who_was_there|attended", "Who was there|People present", "Present|Attendees|Participants|Attended|In attendance", "Present were {}.|{} took part.|attended by {}|In the room: {}|participants: {}"),
        C("absent", people(1, 2), "absent|excused|apologies|not_present|missing", "Who was missing|People who sent apologies", "Absent|Excused|Apologies|Not present|Missing", "{} sent apologies.|excused: {}|{} could not come.|absent: {}|Apologies from {}."),
        C("date", Source.date, "date|held_on|meeting_date|day|took_place_on", "Day of the meeting|When they met", "Date|Held on|Meeting date|Day|Met on", "held on {}|We met on {}.|The meeting took place {}.|{} was the day|minutes of {}|meeting of {}"),
        C("next", Source.date, "next_meeting|next_date|next|follow_up_on|reconvene", "When they meet again|Date of the next meeting", "Next meeting|Next|Next date|Again on|Reconvene", "The next meeting is on {}.|We meet again {}.|next time: {}|to be continued on {}|{} was fixed for the next round."),
        C("began", clocked(7, 12), "start_time|start|began|opened_at|from", "When it began|Start of the meeting", "Start|Began|Opened|From|Start time", "It began at {}.|opened at {}|start {}|from {}|We sat down at {}."),
        C("ended", clocked(13, 20), "end_time|end|ended|closed_at|until", "When it ended|End of the meeting", "End|Ended|Closed|Until|End time", "It ended at {}.|closed at {}|until {}|over at {}|The meeting was closed at {}."),
        C("room", composed("{i} room|Room {i}|Conference room {i}|Boardroom|Big hall|Kitchen on the {n} floor", n="first|second|third|ground|fourth|top"), "room|location|place|venue|where", "Where they met|Place of the meeting", "Room|Location|Place|Venue|Where", "in {}|The place was {}.|We met in {}.|{} had been booked.|venue: {}"),
        C("decision", composed("to {verb} the {noun}|to {verb} {i}|that the {noun} be {done}|to hire {p}|not to {verb} the {noun}", verb="postpone|buy|approve|cancel|extend|test|outsource", noun="new warehouse|second phase|website|contract|supplier|logo|audit|pilot", done="dropped|renewed|moved|financed|published|doubled"), "decision|resolved|resolution|agreed|outcome", "What was decided|Resolution", "Decision|Resolved|Resolution|Agreed|Outcome", "It was decided: {}.|We agreed on this: {}.|resolution: {}|outcome of the vote: {}|decision - {}"),
        C("task", composed("{verb} the {noun}|{verb} {p}|{verb} {i} about the {noun}|{verb} an offer for the {noun}", verb="Call|Write to|Check with|Remind|Ask|Invite|Prepare", noun="budget|lawyers|draft|server room|figures|brochure|tender"), "action_item|task|to_do|action|next_step|open_point", "What has to be done|Task that was given out", "Action|Task|To do|Action item|Next step|Open point", "To do: {}.|action item: {}|task - {}|next step: {}|what remains: {}"),
        C("owner", Source.person, "task_owner|responsible|assigned_to|action_owner|done_by|who", "Who has to do the task|Person responsible", "Responsible|Owner|Assigned to|Action owner|Who|Done by", "{} will do it.|responsible: {}|assigned to {}|{} takes care of this.|owner is {}|in the hands of {}"),
        C("deadline", Source.date, "deadline|due|task_due|by|to_be_done_by", "When the task must be done|Due date of the task", "Deadline|Due|By|Due date|Latest by", "due {}|to be done by {}|deadline {}|no later than {}|must be finished on {}"),
        C("votes", count(2, 12), "votes_for|votes|in_favour|yes_votes|ayes", "Votes in favour|How many voted yes", "Votes for|In favour|Yes|Ayes|For", "{} voted yes.|with {} votes in favour|in favour: {}|{} hands went up for it|ayes: {}", rare=True),
    ),
    [
        "MINUTES\n{topic}\nDate: {date}\nTime: {began} - {ended}\nPlace: {room}\nChair: {chair}\nMinutes: {secretary}\nPresent: {present}\nExcused: {absent}\n\nDecision: {decision}\nNext meeting: {next}",
        "Hi all,\nquick notes from {topic} on {date}. We decided {decision}. {owner} will take the to-do ({task}) until {deadline}. Next time: {next}.\n{secretary}",
        "{date}, {room}. {chair} opened the meeting at {began}. Apologies were received from {absent}. After a long debate it was resolved {decision} ({votes} in favour). The meeting closed at {ended}.",
        "- topic: {topic}\n- when: {date} {began}\n- who led: {chair}\n- who wrote: {secretary}\n- action: {task} -> {owner}, by {deadline}",
        "Action;Who;By\v{task};{owner};{deadline}\nnext meeting {next}, same room ({room})",
        "notes for those who slept: {chair} wants us {decision}. {owner} must do this: {task}, due {deadline}. {absent} wasn't there again",
        "PROTOCOL NO 7 of {topic}\nheld on {date} from {began} until {ended}\nin the chair: {chair}\ntaken by: {secretary}\npresent: {present}\nreconvene: {next}",
        "> When do we meet next?\n\n{next}, says {chair}. And {secretary} has sent the minutes of {date}: we agreed {decision}.",
        "{present} attended. Minutes by {secretary}. Chair {chair}. Agreed on {date}: {decision}. Deadline for {owner}: {deadline}.",
        '{"meeting": "{topic}", "date": "{date}", "chair": "{chair}", "scribe": "{secretary}", "start": "{began}", "end": "{ended}", "next": "{next}"}',
        "Dear {owner}, as you had left when we spoke about it on {date}: your task is \"{task}\", deadline {deadline}. {chair} insists. See you on {next} in {room}. {secretary}",
    ],
    "Minutes|Notes of the meeting|Dear all,|Hi team,|MINUTES OF MEETING|Protocol|Meeting notes|Memo",
    "Coffee was served.|The last minutes were accepted.|The slides are on the drive.|It was warm in the room.|Any other business: none.|The projector failed again.|Corrections within a week, please.|The mood was good.",
    "End of minutes|Signed by the chair|Best|Regards|Sent to all members|Thanks for coming",
)

TIMESHEET = Kind(
    "timesheet",
    listed(
        C("worker", Source.person, "employee|worker|name|staff|consultant|team_member|resource", "Who worked|Name of the employee", "Employee|Worker|Name|Staff|Consultant|Resource|Team member", "{} worked.|hours of {}|The employee is {}.|sheet of {}|{} hands in the hours.|worked by {}"),
        C("manager", Source.person, "manager|approved_by|supervisor|signed_by|approver", "Who approved the hours|Supervisor", "Manager|Approved by|Supervisor|Signed|Approver", "{} approved the hours.|approved by {}|signed off by {}|The supervisor is {}.|checked by {}"),
        C("client", Source.company, "client|customer|worked_for|account|bill_to", "Customer the work was for|Who pays", "Client|Customer|Worked for|Account|Bill to", "worked for {}|The client is {}.|to be billed to {}|{} is the customer.|on site at {}"),
        C("project", shaped("PRJ-###|@@@-##|P%####|Project @##|##.@@"), "project|project_code|job|cost_unit|wbs|task_code", "Code of the project|Project the hours go on", "Project|Project code|Job|Cost unit|WBS|Task code", "booked on {}|for project {}|The job code is {}.|project {}|charge it to {}"),
        C("from", Source.date, "period_start|week_starting|from|first_day|start", "First day of the period|Week begins", "From|Week starting|Period start|First day|W/c", "from {}|week starting {}|The period begins {}.|beginning {}|w/c {}"),
        C("to", Source.date, "period_end|week_ending|to|last_day|end", "Last day of the period|Week ends", "To|Week ending|Period end|Last day|W/e", "to {}|week ending {}|The period ends {}.|up to {}|w/e {}"),
        C("regular", decimal(10, 45, 1, "h|hours|hrs"), "regular_hours|normal_hours|standard_hours|hours|basic_hours", "Normal hours|Hours without overtime", "Regular hours|Normal|Standard hours|Basic|Reg.", "{} of normal work|regular time {}|{} without overtime|standard hours: {}|basic time of {}"),
        C("overtime", decimal(0.5, 15, 1, "h|hours|hrs"), "overtime|overtime_hours|extra_hours|ot|extra_time", "Hours above the normal|Overtime", "Overtime|OT|Extra hours|Extra|Overtime hours", "plus {} overtime|overtime of {}|{} extra|extra hours: {}|{} on top as overtime"),
        C("total", decimal(12, 60, 1, "h|hours|hrs"), "total_hours|total|sum|hours_worked|all_hours", "All hours together|Total of hours", "Total|Total hours|Sum|All hours|Worked", "{} in total|all together {}|The total is {}.|sum of hours {}|which makes {}"),
        C("break", measure(15, 90, "min|minutes"), "break|break_minutes|pause|lunch_break|break_time", "Length of the break in minutes|Pause", "Break|Pause|Lunch break|Break (min)", "{} break|a break of {}|lunch took {}|minus {} pause|breaks: {}"),
        C("sick", count(0, 5), "sick_days|days_sick|sick_leave|days_ill", "Days of illness|How many days sick", "Sick days|Days sick|Sick leave|Ill", "{} days sick|ill on {} days|{} sick days|sick leave: {} days"),
        C("leave", count(0, 5), "leave_days|vacation_days|holiday|days_off|annual_leave", "Days of holiday|How many days off", "Leave|Vacation days|Holiday|Days off|Annual leave", "{} days of holiday|{} days off|vacation: {} days|on leave for {} days"),
        C("rate", decimal(12, 180, 2), "hourly_rate|rate|rate_per_hour|price_per_hour", "Price of an hour|Hourly rate", "Rate|Hourly rate|Rate/h|Per hour", "at {} per hour|The hourly rate is {}.|{} an hour|rate {}", rare=True),
        C("billable", yes_no("All hours are billable.|Can be billed to the client.|Please invoice these hours.|The customer pays for it.|Billable time.|goes on the invoice", "Not billable.|This was internal work.|Do not bill it.|The client does not pay for it.|Non-billable hours.|not to be invoiced"), "billable|chargeable|is_billable|to_be_invoiced", "Whether the client pays|True if it can be billed", "Billable|Chargeable"),
        C("remote", yes_no("Worked from home.|Done remotely.|All from the home office.|Nobody was in the office that week.|remote week|home office on all days", "Worked on site.|All days in the office.|Done at the customer's.|not from home|present in the office every day|No home office this week."), "remote|home_office|worked_from_home|remote_work", "Whether the work was done at home|True if remote", "Remote|Home office"),
    ),
    [
        "TIMESHEET\nName: {worker}\nWeek: {from} - {to}\nProject: {project}\nClient: {client}\n\nRegular: {regular}\nOvertime: {overtime}\nTotal: {total}\nBreak: {break}\n\nApproved: {manager}",
        "hi {manager}, my hours for the week starting {from}: {regular} normal and {overtime} overtime so {total}. {remote} Project {project} as always. {worker}",
        "emp;from;to;reg;ot;sum;sick;leave\v{worker};{from};{to};{regular};{overtime};{total};{sick};{leave}",
        "{total} - that's what {worker} put down for {client} up to {to}. {billable} Overtime was {overtime}.",
        "Dear {client},\nplease find the hours of our consultant {worker} for {project}, period {from} to {to}: {total}, of which {overtime} overtime. {billable}\n{manager}",
        "Employee .... {worker}\nSupervisor .. {manager}\nStart ....... {from}\nEnd ......... {to}\nStandard .... {regular}\nExtra ....... {overtime}\nSick days ... {sick}\nDays off .... {leave}",
        "| project | client | hours | rate |\v| {project} | {client} | {total} | {rate} |\nw/e {to}, {worker}. {remote}",
        "Correction: {worker} had {leave} days of leave and was ill on {sick} days between {from} and {to}. So the regular hours are {regular}, not more. {manager}",
        '{"employee": "{worker}", "project": "{project}", "period": {"start": "{from}", "end": "{to}"}, "hours": {"regular": "{regular}", "overtime": "{overtime}", "total": "{total}"}}',
        "{worker} worked {regular} plus {overtime} in the period ending {to}. {remote} {billable} Lunch break {break}.",
        "ok to pay: {worker}, {total} at {rate} per hour, job {project}. checked {manager}",
    ],
    "Timesheet|Hours|Hi,|Weekly report|TIME RECORD|Dear team lead,|Hours worked|Stundenzettel / timesheet",
    "Please hand in by Friday noon.|The clock at the gate was broken.|Travel time counts as half.|Round to quarters of an hour.|Use the new codes.|Breaks are not paid.|The system was down on one day.|Sign in blue ink.",
    "Signature|Thanks|Checked|Regards|-- end of sheet --|For payroll",
)

SHIFT = Kind(
    "shift plan",
    listed(
        C("worker", Source.person, "employee|name|worker|on_duty|staff_member|who|person", "Who works|Name of the employee on duty", "Employee|Name|On duty|Worker|Who|Staff", "{} is on duty.|{} works.|the shift of {}|{} has been put down for it.|done by {}|on duty: {}"),
        C("swap", Source.person, "replaces|swap_with|replacement_for|instead_of|covers_for", "Whose place is taken|Colleague who is replaced", "Replaces|Swap with|Instead of|Covers for|In for", "instead of {}|swapped with {}|{} cannot come.|covering for {}|replaces {}, who is ill"),
        C("lead", Source.person, "shift_leader|supervisor|lead|foreman|in_charge", "Who leads the shift|Person in charge", "Shift leader|Supervisor|Lead|Foreman|In charge", "{} leads the shift.|in charge: {}|The supervisor is {}.|report to {}|{} has the keys"),
        C("date", Source.date, "date|day|shift_date|works_on|on", "Day of the shift|When the shift is", "Date|Day|Shift date|On|Works on", "on {}|The shift is on {}.|{} is the day.|for {}|working {}"),
        C("start", Source.time, "start|starts_at|from|begin|shift_start", "When the shift starts|Begin of duty", "Start|From|Begin|Shift start|In", "It starts at {}.|from {}|begin {}|be there by {}|duty begins {}"),
        C("end", Source.time, "end|ends_at|until|finish|shift_end", "When the shift ends|End of duty", "End|Until|Finish|Shift end|Out", "It ends at {}.|until {}|finish {}|you may go at {}|off duty at {}"),
        C("break", Source.time, "break_at|break|pause|lunch|break_time", "When the break is|Time of the pause", "Break|Pause|Lunch|Break at", "break at {}|The pause is at {}.|lunch {}|{} is break time", rare=True),
        C("type", member("early|late|night|day|split|standby"), "shift|shift_type|kind|duty|type", "Kind of shift|Early, late or night", "Shift|Shift type|Duty|Type|Kind", "a {} shift|on {} duty|{} shift|It is the {} shift.|type of duty: {}"),
        C("post", phrase("cash desk|ward 3|reception|kitchen|loading bay|call centre|assembly line 2|bar|night pharmacy|control room|gate B"), "station|post|place|area|position|workplace", "Where one works|Post", "Station|Post|Area|Place|Position|Workplace", "at the {}|The post is {}.|working in {}|station: {}|{} must be staffed"),
        C("needed", count(2, 12), "staff_needed|headcount|people_needed|required_staff|min_staff", "How many people are needed|Minimum staff", "Staff needed|Headcount|Required|Min. staff|People needed", "{} people are needed.|We need {}.|minimum {} persons|headcount {}|{} hands required"),
        C("present", count(1, 12), "staff_present|available|people_available|actual_staff|came", "How many people there are|Actual staff", "Present|Available|Actual|Staff present|Here", "{} are available.|only {} came|present: {} persons|actual staff {}|{} have signed up"),
        C("confirmed", yes_no("The shift is confirmed.|Confirmed by the employee.|It is agreed.|The swap is approved.|fixed, no more changes|Everyone has said yes.", "Not confirmed yet.|Still open.|No answer so far.|The swap has not been approved.|provisional plan|we are waiting for an ok"), "confirmed|is_confirmed|approved|agreed|final", "Whether it is agreed|True if confirmed", "Confirmed|Agreed"),
    ),
    [
        "ROSTER {date}\n{type} shift, {start} - {end}\nPost: {post}\nOn duty: {worker}\nIn charge: {lead}\n{confirmed}",
        "can someone cover {date}? {swap} is ill. {post}, starts {start} ends {end}. update: {worker} does it, thx!! {confirmed}",
        "Name;Shift;From;To;Post\v{worker};{type};{start};{end};{post}\nfor {date}, supervisor {lead}",
        "Dear {worker},\nplease take the {type} shift on {date} instead of {swap}. Duty begins at {start} and ends at {end}; the break is at {break}.\n{lead}",
        "{start}-{end} {worker} ({post})\nlead: {lead}\nneeded: {needed}, available: {present}",
        "We need {needed} people on {date}, so far {present} have signed up. {confirmed} Who is free? {lead}",
        "{worker} -> {date}, {type}, be there {start}, off at {end}, replaces {swap}",
        "SHIFT SWAP FORM\nI, {worker}, will work for {swap}\nDay: {date}\nFrom: {start}\nUntil: {end}\nSigned by supervisor: {lead}\n{confirmed}",
        '{"date": "{date}", "shift": "{type}", "start": "{start}", "end": "{end}", "staff": {"on_duty": "{worker}", "in_for": "{swap}"}, "lead": "{lead}", "min": {needed}}',
        "voice msg: hey its {lead}, so on {date} we are short, {present} instead of {needed}, could you {worker} come to {post} at {start}? you can leave at {end}. ciao",
        "Night report. {lead} in charge. {worker} at {post} from {start}, break {break}. Headcount {present}.",
    ],
    "Roster|Shift plan|Hi everyone,|Duty plan|ROTA|Change of plan|Hello team,|Dienstplan / rota",
    "Please be on time.|Wear your badge.|The locker room is being painted.|Swaps only with consent.|Free coffee at night.|The key is with the porter.|Holiday wishes until Friday.|Call if you are ill.",
    "Thanks all|The planning office|Cheers|See you|Regards|Please post on the board",
)

CALL = Kind(
    "phone note",
    listed(
        C("caller", Source.person, "caller|who_called|from|name|called_by|contact", "Who called|Name of the caller", "Caller|Who called|From|Name|Called by|Mr/Ms", "{} called.|The caller was {}.|a call from {}|{} rang.|on the line: {}|{} wanted to speak to you"),
        C("company", Source.company, "company|caller_company|of|firm|organisation", "Firm of the caller|Where the caller works", "Company|Of|Firm|Organisation|From company", "from {}|of {}|The firm is {}.|calling on behalf of {}|works for {}"),
        C("wanted", Source.person, "for|called_person|to|recipient|wanted|message_for", "Whom the call was for|Who should get the message", "For|To|Message for|Wanted|Recipient|Attn", "The call was for {}.|wanted to reach {}|message for {}|asked for {}|{} should know"),
        C("taken", Source.person, "taken_by|written_by|noted_by|operator|answered_by", "Who took the call|Writer of the note", "Taken by|Noted by|Operator|Answered by|Note by", "taken by {}|{} answered the phone.|noted by {}|I, {}, took the call.|signed {}"),
        C("phone", Source.phone, "phone|number|callback_number|telephone|call_back_on|tel", "Number to call|Phone of the caller", "Phone|Number|Tel|Callback|Call back on", "The number is {}.|call back on {}|phone {}|reach them at {}|left the number {}|ring {}"),
        C("second", Source.phone, "mobile|cell|other_number|mobile_number|second_number", "Mobile phone of the caller|Other number", "Mobile|Cell|Other number|Second no.", "mobile {}|or on the mobile {}|cell phone {}|alternatively {}", rare=True),
        C("called", Source.moment, "called_at|received|call_time|when|date_time", "When the call came|Date and time of the call", "Called at|Received|When|Call received|Date/time", "The call came {}.|called {}|received {}|{} the phone rang|noted {}", {"date": ("call_date|day_of_call|date", "Day of the call|Date the call came"), "time": ("time_of_call|hour|call_hour", "Hour of the call|Time the call came")}),
        C("back", Source.time, "call_back_at|best_time|reachable_from|callback_time", "When to call back|Best time to reach them", "Best time|Call back at|Reachable from|Callback at", "best after {}|Please call back at {}.|reachable from {}|will be in the office from {}|in until {}"),
        C("about", phrase("unpaid invoice|spare parts|job application|broken heating|delivery date|new contract|complaint about noise|insurance papers|birthday present|test results"), "about|subject|concerning|topic|matter|reason", "What the call was about|Matter", "About|Subject|Concerning|Re|Matter|Topic", "It is about {}.|concerning {}|in the matter of {}|the {} again|wanted to talk about {}|re {}"),
        C("case", shaped("@-####|####/##|REF %###|#####"), "case_number|file|reference|file_number|their_reference", "Number given by the caller|Reference", "File|Case|Reference|Their ref.|Case no.", "under the reference {}|case {}|file no. {}|gave {} as the number", rare=True),
        C("urgency", one_of(["low|normal|urgent", "can_wait|normal|urgent", "no_rush|soon|immediately"], ["There is no hurry.|It can wait until next week.|Whenever it suits you.|no rush at all|Some time will do.|Not pressing.", "Please call back some time today or tomorrow.|Within the next days is fine.|Normal matter.|Would like an answer soon.|A call this week would be good.|Please see to it in the usual time.", "Very urgent!|Call back at once!|It cannot wait.|As fast as possible, please!|They sounded desperate, call now.|Must be dealt with immediately."]), "urgency|priority|how_urgent|importance", "How urgent it is|Priority of the call", "Urgency|Priority"),
        C("callback", yes_no("Please call back.|A return call is expected.|wants to be called back|They are waiting for your call.|You should ring them.|asks for a call", "No need to call back.|Will call again.|No return call wanted.|You need not ring.|Will try again later.|just for your information, no call needed"), "callback_requested|call_back|wants_callback|return_call", "Whether one should call back|True if a call is expected", "Call back|Return call"),
    ),
    [
        "WHILE YOU WERE OUT\nFor: {wanted}\nCaller: {caller}\nOf: {company}\nPhone: {phone}\nWhen: {called}\nAbout: {about}\n{callback}\nTaken by: {taken}",
        "{caller} from {company} rang for {wanted}, {called}. {about}. {callback} {phone} best after {back}. /{taken}",
        "hi {wanted}, {caller} called ({about}). {urgency} Number is {phone}, mobile {second}. {taken}",
        "To: {wanted}\nFrom: {taken}\n\nI had {caller} on the line, who works for {company}. It is about {about}, their reference is {case}. {urgency} {callback}",
        "Call log {called}\nin: {caller}, {phone}\nout to: {wanted}\nanswered: {taken}\nmatter: {about}\n{urgency}",
        "{phone} - {caller} - {about} - please ring from {back} - msg for {wanted}",
        "{wanted}: somebody called {caller} wants you. {company}. {callback} I wrote down {phone}. {urgency} (noted by {taken})",
        "caller,company,number,matter,for\v{caller},{company},{phone},{about},{wanted}",
        "Voice-to-text: hello this is {caller} from {company} I am trying to reach {wanted} concerning {about} you can get me on {phone} or on my mobile {second} from {back} on thank you bye",
        '{"caller": "{caller}", "firm": "{company}", "for": "{wanted}", "tel": "{phone}", "received": "{called}", "re": "{about}", "by": "{taken}"}',
        "Missed call. {caller} left a message {called}: the {about} must be settled. {urgency} Call {phone}, file {case}.",
    ],
    "Phone note|Message|Telephone memo|Hi,|CALL|You had a call|While you were out|Aktennotiz / phone memo",
    "The line was bad.|Sounded friendly.|I could not quite catch everything.|Third call this week.|There was music in the background.|I said you were in a meeting.|Coffee is empty, by the way.|The other line rang, too.",
    "That's all|Thanks|Reception|Filed|Cheers|Over and out",
)

KINDS = [MINUTES, TIMESHEET, SHIFT, CALL]

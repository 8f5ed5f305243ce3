"""Course syllabi, university applications, abstracts of papers, patents."""

from values import Source

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, dated, decimal, inline, shaped, titled, whole
from kinds.parts import clocked, count, measure, money, one_of, people, phrase, yes_no

SUBJECT = "Algebra|Thermodynamics|Medieval History|Organic Chemistry|Microeconomics|Linguistics|Robotics|Ethics|Botany|Statistics|Film Studies|Acoustics"

SYLLABUS = Kind(
    "course syllabus",
    listed(
        C("course", composed("Introduction to {s}|{s} {r}|Advanced {s}|Seminar in {s}|{s} for {w}ists|Topics in {s}|{s} and {t}", s=SUBJECT, t=SUBJECT, r="I|II|III"), "course|title|course_title|name|subject|module", "What the course is called|Title of the course", "Course|Title|Module|Course title|Subject", "The course is {}.|Welcome to {}!|{} is taught again.|In {} we read much.|title: {}|enrol in {}"),
        C("code", shaped("@@@ %##|@@-%##|%##.%##|@@@@%###|M%##"), "course_code|code|number|module_number|course_no", "Code of the course|Number in the catalogue", "Code|Course no.|Number|Module no.|Catalogue no.", "The code is {}.|listed as {}|course no. {}|({})|enrol under {}"),
        C("lecturer", titled("Prof.|Dr.|Prof. Dr."), "lecturer|instructor|professor|teacher|taught_by", "Who teaches the course|Lecturer", "Lecturer|Instructor|Professor|Teacher|Taught by", "taught by {}|{} gives the lectures.|The lecturer is {}.|with {}|your professor is {}"),
        C("assistant", Source.person, "assistant|tutor|ta|teaching_assistant|exercise_leader", "Who leads the exercises|Teaching assistant", "Assistant|Tutor|TA|Exercises|Teaching assistant", "{} leads the exercises.|The tutor is {}.|TA: {}|exercises with {}|ask {} about homework"),
        C("credits", count(2, 15), "credits|ects|credit_points|points|cp", "How many credits|Credit points", "Credits|ECTS|Credit points|CP", "{} credits|It is worth {} points.|ECTS: {}|you earn {} credit points|{} CP"),
        C("hours", count(1, 8), "hours_per_week|weekly_hours|contact_hours|sws", "Hours in a week", "Hours per week|Weekly hours|Contact hours|SWS", "{} hours per week|{} contact hours weekly|weekly load {} hours"),
        C("starts", Source.date, "first_class|start_date|starts|begins|first_lecture", "First day of the course|When it starts", "First class|Starts|Begins|First lecture|Start date", "It starts on {}.|the first lecture is {}|begins {}|first class {}|from {} on"),
        C("exam", Source.date, "exam_date|exam|final_exam|examination|test_on", "Day of the exam|When the final is", "Exam|Final exam|Exam date|Examination|Test", "The exam is on {}.|final exam {}|tested on {}|{} is the day of the exam|exam: {}"),
        C("deadline", Source.date, "paper_due|essay_deadline|submission_date|hand_in|paper_deadline", "When the paper must be handed in|Deadline of the essay", "Paper due|Essay deadline|Hand in|Submission", "The essay is due {}.|hand in the paper by {}|submission until {}|paper deadline {}"),
        C("time", clocked(8, 18), "class_time|time|lecture_time|hour|at", "Hour of the lecture|At what time", "Time|Class time|Lecture time|Hour", "at {}|We meet at {}.|the lecture begins at {}|{} sharp"),
        C("office", clocked(9, 17), "office_hours|consultation|office_hour|consulting_time", "When the lecturer can be asked|Office hours", "Office hours|Consultation|Office hour", "office hours from {}|come and ask from {}|consultation at {}|The door is open from {}."),
        C("room", shaped("@%##|H%#|%.###|@@-%#|Room %##"), "room|lecture_hall|classroom|place|where", "Where it takes place|Lecture hall", "Room|Lecture hall|Classroom|Place", "in {}|The room is {}.|lecture hall {}|We meet in {}.|go to {}"),
        C("book", composed("{a} {s}|The {a} {s} Book|{s}: A {b}|Handbook of {s}|Principles of {s}", s=SUBJECT, a="Modern|Practical|Essential|Concise", b="Primer|First Course|Reader|Companion"), "textbook|book|reading|required_book|literature", "Book that is needed|Required reading", "Textbook|Book|Reading|Required book|Literature", "The textbook is {}.|please buy {}|we use {}|required: {}|read {}"),
        C("share", measure(20, 80, "%|%|percent"), "exam_weight|final_weight|exam_share|weight_of_exam", "Share of the exam in the grade in percent", "Exam weight|Weight of final|Exam share", "the exam counts {}|{} of the grade is the final|final: {} of the mark", rare=True),
        C("attendance", yes_no("Attendance is compulsory.|You must be there each time.|Attendance is checked.|Presence is required.|No more than two absences.|a list goes round every time", "Attendance is voluntary.|You need not come.|No attendance list.|Presence is not checked.|come if you like|attendance is up to you"), "attendance_required|compulsory|mandatory|must_attend", "Whether one must be there|True if attendance is checked", "Attendance|Compulsory"),
    ),
    [
        "{code} {course}\nLecturer: {lecturer}\nTutor: {assistant}\nCredits: {credits}\nFirst class: {starts}, {time}, {room}\nExam: {exam}\nTextbook: {book}\n{attendance}",
        "Welcome to {course}! I am {lecturer}; {assistant} will lead the exercises. We meet in {room} at {time}. {attendance} The essay is due {deadline}, the exam is on {exam}.",
        "hey, anyone in {course} ({code})? when's the exam, {exam}? and the paper, {deadline}? {lecturer} said {book} but i dont have it",
        "SYLLABUS\n1. Course: {course}\n2. Number: {code}\n3. Points: {credits}\n4. Hours per week: {hours}\n5. Professor: {lecturer}\n6. Office hours: {office}\n7. Paper due: {deadline}\n8. Final exam: {exam}",
        "code;title;prof;ta;room;ects\v{code};{course};{lecturer};{assistant};{room};{credits}",
        "{credits} credits, {hours} hours a week, exam {exam}: that is {course}. {attendance} Questions? {assistant} has time from {office}.",
        "Dear students,\nthe first class of {course} moves to {starts}, room {room}. Please have {book} at hand. Hand in the paper by {deadline}.\n{lecturer}",
        '{"course": "{course}", "code": "{code}", "staff": {"lecturer": "{lecturer}", "ta": "{assistant}"}, "start": "{starts}", "exam": "{exam}", "paper": "{deadline}", "credits": {credits}}',
        "Grading in {code}: the final counts {share}. Essay until {deadline}, final on {exam}. {attendance}",
        "{lecturer} | {course} | {room} | {time} | {credits} CP",
        "> Is {exam} the essay deadline?\n\nNo, that is the exam. The essay is due {deadline}. Best, {assistant}",
    ],
    "Syllabus|Course information|Dear students,|Welcome|COURSE OUTLINE|Hi all,|Module handbook|Lehrveranstaltung / course",
    "Slides are put online.|Phones off, please.|Bring a calculator.|Guests are welcome.|The library has copies.|Cheating leads to failure.|Work in groups of three.|The lift is slow.",
    "See you in class|The department|Good luck|Subject to change|Best wishes|End",
)

APPLICATION = Kind(
    "university application",
    listed(
        C("applicant", Source.person, "applicant|name|candidate|student|full_name|applicant_name", "Who applies|Name of the candidate", "Applicant|Name|Candidate|Student|Full name", "{} applies.|The applicant is {}.|I am {}.|application of {}|candidate {}|My name is {} and I want to study."),
        C("guardian", Source.person, "guardian|parent|emergency_contact|next_of_kin|mother_or_father", "Parent or person to call|Emergency contact", "Guardian|Parent|Emergency contact|Next of kin", "In an emergency call {}.|guardian: {}|my mother, {}, signs too|next of kin is {}", rare=True),
        C("referee", titled("Prof.|Dr.|Ms|Mr"), "referee|recommended_by|reference|recommender|letter_from", "Who wrote the letter of recommendation|Referee", "Referee|Recommended by|Reference|Letter from|Recommender", "recommended by {}|{} wrote a letter for me.|The referee is {}.|reference: {}|{} supports the application"),
        C("university", composed("University of {c}|{c} University|{i} College|{c} Institute of Technology|Academy of {c}|{i} School of Arts"), "university|institution|applying_to|school|college", "Where one applies|Name of the university", "University|Institution|Applying to|College", "applying to {}|The university is {}.|at {}|I would love to study at {}.|{} is my first choice"),
        C("school", composed("{i} High School|{c} Grammar School|Lycée {i}|{i}-Gymnasium|{p} School|International School of {c}"), "previous_school|high_school|last_school|graduated_from|school_attended", "School attended before|Last school", "Previous school|High school|Last school|Graduated from", "I went to {}.|graduated from {}|before that {}|my school was {}|pupil of {}"),
        C("programme", phrase("computer science|veterinary medicine|law|architecture|nursing|fine arts|physics|economics|Slavic studies|marine biology|music|philosophy"), "programme|program|major|course|field_of_study|degree_course", "What one wants to study|Programme", "Programme|Program|Major|Field of study|Degree course", "to study {}|The programme is {}.|major: {}|for a degree in {}|I chose {}."),
        C("second", phrase("history|geology|social work|mathematics|journalism|chemistry|agriculture|theology"), "second_choice|alternative|backup_programme|minor|second_preference", "What one would study else|Second choice", "Second choice|Alternative|Second preference|2nd choice", "otherwise {}|My second choice is {}.|or else {}|if that fails, {}|alternatively {}"),
        C("born", dated(1978, 2009), "date_of_birth|dob|born|birth_date|birthday", "Day of birth of the applicant", "Date of birth|Born|DOB|Birth date", "born on {}|date of birth {}|I was born {}.|{} is my birthday"),
        C("graduated", whole(1998, 2026), "graduation_year|graduated|school_leaving_year|year_of_graduation", "Year of leaving school", "Graduation year|Graduated|School leaving year", "graduated in {}|I left school in {}.|class of {}|final exams in {}"),
        C("gpa", decimal(1, 4, 2), "gpa|average|grade_average|mean_grade|final_grade", "Average of the grades", "GPA|Average|Grade average|Final grade", "with an average of {}|GPA {}|my mean grade is {}|final grade {}"),
        C("test", whole(60, 120), "language_score|toefl|english_score|test_score", "Points in the English test", "TOEFL|Language score|English test|Test score", "{} points in the English test|TOEFL {}|language test: {}|English score of {}"),
        C("submitted", Source.date, "submitted|application_date|received|applied_on|date", "When the application came in", "Submitted|Application date|Received|Applied on", "submitted on {}|received {}|I applied on {}.|{} is the date of application"),
        C("begins", Source.date, "intake|start_of_studies|begins|study_start|term_start", "When the studies begin", "Intake|Start of studies|Begins|Term start", "to start on {}|from {} on|studies begin {}|term starts {}"),
        C("fee", money(20, 300), "application_fee|fee|processing_fee|handling_charge", "Fee for the application", "Application fee|Fee|Processing fee|Charge", "The fee is {}.|{} were paid for processing|application fee {}|a charge of {} applies"),
        C("number", shaped("APP-#####|20##-@###|######|UA/##/####|C%#####"), "application_number|applicant_id|file|number|candidate_no", "Number of the application", "Application no.|Applicant ID|Candidate no.|File|Number", "The number is {}.|application {}|filed under {}|candidate no. {}"),
        C("decision", one_of(["admitted|rejected|waitlisted", "accepted|declined|waiting list", "offer|no_offer|reserve"], ["We are happy to offer you a place.|You have been admitted.|Congratulations, you are in!|A place is reserved for you.|You may enrol.|The committee said yes.", "We cannot offer you a place.|The application was rejected.|Unfortunately there is no place for you.|You were not selected.|We regret to decline.|The committee decided against you.", "You are on the waiting list.|A place may become free later.|Your name was put on the reserve list.|Not yet decided, you are waitlisted.|We keep you on the list.|You may move up if others decline."]), "decision|result|status|outcome|admission", "What was decided|Result of the application", "Decision|Result|Outcome|Status"),
        C("scholarship", yes_no("I apply for a scholarship.|A scholarship is requested.|Please consider me for financial aid.|I need a scholarship.|Scholarship: wanted.|aid is asked for", "I do not need a scholarship.|No scholarship is asked for.|I pay for my studies myself.|without financial aid|my parents pay, no scholarship|self-funded"), "scholarship|scholarship_requested|financial_aid|needs_aid", "Whether a scholarship is asked for", "Scholarship|Financial aid"),
    ),
    [
        "APPLICATION FORM\nApplication no.: {number}\nApplicant: {applicant}\nDate of birth: {born}\nLast school: {school}\nGraduation year: {graduated}\nProgramme: {programme}\nEmergency contact: {guardian}\nSecond choice: {second}\nGPA: {gpa}\nReferee: {referee}\n{scholarship}",
        "Dear {applicant},\n\nthank you for applying to {university} for {programme}. {decision}\nStudies begin {begins}. The number of your application is {number}.\n\nAdmissions",
        "Dear admissions team,\nI would love to study {programme} at {university}, otherwise {second}. I graduated from {school} in {graduated} with an average of {gpa}. {referee} wrote a letter for me. {scholarship}\n{applicant}",
        "{applicant} / {born} / {school} / {gpa} / TOEFL {test} / wants {programme}",
        "no;name;dob;first;second;gpa;toefl\v{number};{applicant};{born};{programme};{second};{gpa};{test}",
        "omg {university}!!! {decision} {programme} starts {begins}. thanks {referee} for the letter. xx {applicant}",
        "Interview note. Candidate {applicant}, from {school}. First preference {programme}, second {second}. English test: {test}. {decision}",
        '{"applicant": "{applicant}", "born": "{born}", "submitted": "{submitted}", "choices": ["{programme}", "{second}"], "school": "{school}", "average": {gpa}, "language_score": {test}}',
        "Receipt: {fee} application fee for {number}, {applicant}. Received {submitted}. Term starts {begins}.",
        "Letter of recommendation\nI, {referee}, have taught {applicant} at {school} for years and recommend a place for {programme} at {university} without reserve.",
        "{gpa} average, {test} points, class of {graduated}. {applicant} asks for {second} if {programme} is full.",
    ],
    "Application|Admissions|Dear Sir or Madam,|Dear applicant,|APPLICATION FOR ADMISSION|Hello,|Enrolment|Bewerbung / application",
    "Certified copies are attached.|I play the cello.|The essay is on the next page.|Please check your inbox.|Documents must be in English.|Interviews are online.|I am ready to move.|Appeals within a month.",
    "Yours faithfully|Admissions office|Signature|Kind regards|Good luck|Sent via portal",
)

PAPER = Kind(
    "scientific abstract",
    listed(
        C("title", composed("{a} {n} of {t}|On the {n} of {t}|{t} under {a2} conditions|Effects of {w} on {t}|A {a} model of {t}|{n} and {n2} in {t}|Does {w} change {t}?", a="Rapid|Quantitative|Non-linear|Long-term|Bayesian|Comparative", n="dynamics|structure|evolution|detection|synthesis|modelling", n2="stability|growth|noise|diffusion", a2="extreme|arid|low-gravity|urban", t="alpine lakes|perovskite films|honeybee colonies|glacier ice|river deltas|neural spikes|soil fungi|coral reefs|word order"), "title|paper|article|paper_title|name", "Title of the paper", "Title|Paper|Article", "The paper is entitled \"{}\".|title: {}|in \"{}\"|we read {}|the article {}"),
        C("authors", people(1, 4), "authors|author_list|written_by|by|researchers", "Who wrote it|List of authors", "Authors|By|Written by|Author(s)|Researchers", "by {}|The authors are {}.|written by {}|{} report new findings."),
        C("corresponding", Source.person, "corresponding_author|contact_author|correspondence|correspondence_to", "Author to whom letters go", "Corresponding author|Correspondence|Correspondence to|Contact author", "Correspondence to {}.|corresponding author: {}|{} answers letters|write to {}"),
        C("editor", titled("Dr.|Prof."), "editor|handling_editor|academic_editor|edited_by", "Editor who handled it", "Editor|Handling editor|Academic editor|Edited by", "handled by {}|The editor was {}.|editor: {}|{} edited the paper", rare=True),
        C("journal", composed("Journal of {i} {n}|{i} Letters|Annals of {n}|{n} Review|Acta {i}|Open {n}|{n} & {m}", n="Ecology|Physics|Linguistics|Materials|Neurology|Geology", m="Society|Data|Methods"), "journal|published_in|venue|periodical|source", "Where it was published|Journal", "Journal|Published in|Venue|Source|Periodical", "published in {}|It appeared in {}.|the journal {}|{} has accepted it|in {}"),
        C("institution", composed("University of {c}|{i} Institute|{c} Observatory|{i} Research Centre|Technical University of {c}|{i} Hospital"), "institution|affiliation|institute|based_at|lab", "Where the authors work|Affiliation", "Affiliation|Institution|Institute|Lab|Based at", "from {}|The affiliation is {}.|working at {}|based at {}|{} provided the lab"),
        C("volume", whole(2, 410), "volume|vol|volume_number", "Volume of the journal", "Volume|Vol.|Band", "volume {}|vol. {}|in volume {}|it is in vol. {}"),
        C("issue", count(1, 24), "issue|issue_number|number|no", "Issue within the volume", "Issue|No.|Number", "issue {}|no. {}|in issue {}|number {}"),
        C("page", whole(1, 3900), "first_page|page|start_page|starts_on_page|pages_from", "First page", "Page|First page|Starts on page|p.", "from page {}|page {}|starting on page {}|p. {}"),
        C("received", Source.date, "received|submitted|submission_date|date_received", "When it was handed in|Day of submission", "Received|Submitted|Submission date|Date received", "received {}|submitted on {}|It was sent in on {}.|handed in {}"),
        C("accepted", Source.date, "accepted|acceptance_date|date_accepted|approved", "When it was accepted", "Accepted|Acceptance date|Date accepted", "accepted {}|It was accepted on {}.|accepted for publication {}|acceptance came {}"),
        C("published", Source.date, "published|publication_date|online_since|date_published|released", "When it was published", "Published|Online since|Publication date|Available online", "published {}|online since {}|It came out on {}.|available online {}"),
        C("doi", shaped("10.%###/@@##.####|10.%####/s#####-##-####|10.%###/x.20##.##"), "doi|identifier|doi_number|digital_identifier", "DOI of the paper", "DOI|Identifier|DOI number", "doi {}|The DOI is {}.|find it under {}|{} is its identifier"),
        C("samples", whole(12, 9000), "sample_size|n|participants|subjects|number_of_samples", "How many were studied|Sample size", "Sample size|Participants|n|Subjects|Samples", "We studied {} cases.|{} participants took part.|a sample of {}|n = {}|{} specimens were measured"),
        C("keywords", inline("climate|genome|imaging|kinetics|memory|pollination|turbulence|catalysis|syntax|resilience|optics|sediment", 2, 4), "keywords|key_words|tags|index_terms|topics", "Keywords of the paper|List of topics", "Keywords|Key words|Index terms|Tags", "Keywords: {}|index terms: {}|tagged {}|key words are {}"),
        C("open", yes_no("Open access.|Free for everybody to read.|The paper is freely available.|Published under an open licence.|no paywall|Anyone can read it at no cost.", "Subscribers only.|Behind a paywall.|Not open access.|Access must be bought.|only for members|One has to pay to read it."), "open_access|free|is_open|freely_available", "Whether all may read it|True if free to read", "Open access|Free to read"),
    ),
    [
        "{title}\n\n{authors}\n{institution}\n\nReceived: {received}\nAccepted: {accepted}\nPublished: {published}\nDOI: {doi}\nKeywords: {keywords}\n\nAbstract. We studied {samples} cases.",
        "{authors}: {title}. {journal} {volume}({issue}), p. {page}. doi:{doi}",
        "Dear {corresponding},\nyour paper \"{title}\", received {received}, was accepted on {accepted} for {journal}. {open}\n{editor}",
        "have you seen this? {title} in {journal}, n = {samples}. {open} Corresponding author is {corresponding} from {institution}",
        "TI  {title}\nAU  {authors}\nSO  {journal}\nVL  {volume}\nIS  {issue}\nBP  {page}\nDI  {doi}\nDE  {keywords}",
        "Correspondence to: {corresponding}, {institution}. Handling editor: {editor}. Submitted {received}; accepted {accepted}; available online {published}. {open}",
        "{samples} specimens were measured by the group at {institution}. \"{title}\" came out on {published} in volume {volume} of {journal}.",
        '{"title": "{title}", "journal": "{journal}", "volume": {volume}, "dates": {"received": "{received}", "accepted": "{accepted}", "published": "{published}"}, "contact": "{corresponding}"}',
        "reading group: {title}\nwho: {authors}\nwhere: {journal}, issue {issue}\nnote: {open}",
        "It took from {received} to {accepted} until the referees of {journal} were content; {published} it was online. \"A long way\", says {corresponding}.",
        "@article{k,\v  author = {{authors}},\v  title = {{title}},\v  journal = {{journal}},\v  volume = {{volume}},\v  number = {{issue}},\v  doi = {{doi}}\v}",
    ],
    "Abstract|Research article|New paper|Preprint|ORIGINAL ARTICLE|Dear colleagues,|Journal club|Reference",
    "The data are available on request.|We thank the reviewers.|No competing interests.|Figures are in the supplement.|Further work is needed.|The method is described elsewhere.|Results were robust.|Funding is acknowledged.",
    "All rights reserved|End of abstract|Cite as above|Best regards|Peer reviewed|Printed version follows",
)

PATENT = Kind(
    "patent",
    listed(
        C("title", composed("{a} {d} for {p2}|{d} with {a} {e}|Method for {v} {o}|{a} {e} and {d}|System for {v} {o}", a="Foldable|Self-cleaning|Optical|Portable|Wireless|Biodegradable|Adaptive", d="pump|valve|seat|antenna|filter|gripper|lamp|bottle cap", e="housing|sensor|hinge|coating|membrane", p2="bicycles|greenhouses|infusion bags|wind turbines|toys", v="drying|cutting|sorting|sealing|cooling", o="grain|glass sheets|parcels|batteries|textiles"), "title|invention|title_of_invention|subject|name", "What is protected|Title of the invention", "Title|Invention|Title of invention|Subject|(54)", "The invention is a {}.|title: {}|It concerns: {}.|entitled {}|protection for \"{}\""),
        C("number", shaped("EP#######|US ##,###,###|DE 10 20## ### ### B%|WO20##/######|GB#######|FR%######"), "patent_number|publication_number|number|patent|patent_no", "Number of the patent|Publication number", "Patent no.|Publication no.|Number|Patent|(11)", "The patent number is {}.|patent {}|published as {}|under {}|granted as {}"),
        C("application", shaped("##/###,###|PCT/@@20##/######|##%#####.#|A-##-#####|P%#######"), "application_number|application|filing_number|appl_no", "Number of the application", "Application no.|Appl. no.|Application|Filing no.|(21)", "The application is {}.|filed as {}|application no. {}|under the file number {}"),
        C("inventor", Source.person, "inventor|invented_by|inventor_name|devised_by", "Who invented it", "Inventor|Invented by|Inventor(s)|(72)|Erfinder", "{} is the inventor.|invented by {}|{} had the idea.|the inventor, {}|devised by {}"),
        C("owner", Source.company, "assignee|owner|applicant|proprietor|rights_holder|patentee", "Who owns the patent|Applicant", "Assignee|Applicant|Proprietor|Owner|(73)", "owned by {}|The applicant is {}.|assigned to {}|{} holds the rights.|on behalf of {}"),
        C("attorney", Source.person, "attorney|agent|representative|patent_attorney|counsel", "Patent attorney", "Attorney|Agent|Representative|Patent attorney|(74)", "represented by {}|The attorney is {}.|agent: {}|{} acts for the applicant"),
        C("examiner", Source.person, "examiner|examined_by|patent_examiner|primary_examiner", "Who examined it at the office", "Examiner|Examined by|Primary examiner", "examined by {}|The examiner was {}.|examiner: {}|{} of the patent office checked it"),
        C("filed", Source.date, "filing_date|filed|application_date|date_filed|filed_on", "When it was filed", "Filed|Filing date|Date filed|Application date|(22)", "filed on {}|It was filed {}.|application of {}|date of filing {}"),
        C("granted", Source.date, "grant_date|granted|issued|date_of_patent|patented_on", "When it was granted", "Granted|Grant date|Issued|Date of patent|(45)", "granted on {}|It was granted {}.|issued {}|date of patent {}"),
        C("priority", Source.date, "priority_date|priority|earliest_date|convention_priority", "Priority date", "Priority|Priority date|Earliest date|(30)", "priority of {}|with the priority date {}|going back to {}|claims priority from {}"),
        C("expires", Source.date, "expiry|expires|protected_until|expiration_date|lapses", "When the protection ends", "Expires|Expiry|Protected until|Expiration", "It expires on {}.|protected until {}|lapses {}|in force until {}"),
        C("claims", count(2, 60), "claims|number_of_claims|claim_count|n_claims", "How many claims", "Claims|No. of claims|Number of claims", "{} claims|It has {} claims.|with {} claims|claims: {}"),
        C("drawings", count(2, 30), "drawings|sheets|figures|drawing_sheets", "How many sheets of drawings", "Drawings|Drawing sheets|Figures|Sheets", "{} drawing sheets|with {} figures|{} sheets of drawings"),
        C("class", shaped("@##@ %/##|@%#@ ##/##|@##@ ##/###"), "class|ipc|classification|ipc_code|main_class", "Class of the invention|IPC code", "Int. Cl.|IPC|Class|Classification|(51)", "class {}|The IPC code is {}.|classified in {}|Int. Cl. {}"),
        C("force", yes_no("The patent is in force.|Still valid.|Fees are paid, it is alive.|in force today|It has not lapsed.|protection continues", "The patent has lapsed.|No longer in force.|It was given up.|expired for want of fees|revoked|protection has ended"), "in_force|active|is_valid|alive", "Whether it is still valid", "In force|Active"),
    ),
    [
        "(11) {number}\n(21) {application}\n(22) {filed}\n(30) {priority}\n(45) {granted}\n(54) {title}\n(72) {inventor}\n(73) {owner}\n(74) {attorney}\n(51) {class}",
        "United Patents\nPatent No.: {number}\nDate of Patent: {granted}\nInventor: {inventor}\nAssignee: {owner}\nAppl. No.: {application}\nFiled: {filed}\nPrimary Examiner: {examiner}\n{claims} claims, {drawings} drawing sheets",
        "Dear {inventor},\ngood news: the patent for \"{title}\" was granted on {granted}. It is owned by {owner} and expires on {expires}. {force}\nRegards, {attorney}",
        "{owner} has patented a new idea of {inventor}: {title}. Filed {filed}, granted {granted}, {claims} claims.",
        "pub;appl;filed;granted;inventor;owner\v{number};{application};{filed};{granted};{inventor};{owner}",
        "Fee reminder from {attorney}: {number} ({owner}) will lapse on {expires}. Priority {priority}. {force}",
        '{"publication": "{number}", "application": "{application}", "title": "{title}", "inventor": "{inventor}", "assignee": "{owner}", "agent": "{attorney}", "dates": {"priority": "{priority}", "filed": "{filed}", "granted": "{granted}"}}',
        "can we use it? {number} by {inventor}, belongs to {owner}. {force} Expiry would be {expires}. ask {attorney}",
        "I, {inventor}, hereby assign all rights in {title} (application {application} of {filed}) to {owner}.",
        "Examiner {examiner} found nothing against the {claims} claims of {application}. The grant followed {granted}. Class {class}.",
        "priority ... {priority}\nfiling ..... {filed}\ngrant ...... {granted}\nexpiry ..... {expires}\nfor ........ {title}",
    ],
    "Patent|Patent abstract|Dear inventor,|IP watch|BIBLIOGRAPHIC DATA|Hello,|Register extract|Patentschrift / patent",
    "See drawings.|The abstract is on page two.|Foreign filings are pending.|A licence may be had.|The search report is attached.|Errors excepted.|The device saves energy.|Prior art is cited.",
    "End of extract|Yours sincerely|Patent department|Register|Regards|(57) Abstract follows",
)

KINDS = [SYLLABUS, APPLICATION, PAPER, PATENT]

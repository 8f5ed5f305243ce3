"""Job posts."""

from values import NUMBER, Source, Value, quoted, words

from kinds import Concept, Kind, listed

SKILLS = (
    "Python|SQL|Excel|Java|Rust|Kubernetes|Docker|SAP|welding|first aid|German|French|Spanish|Figma|Photoshop|AutoCAD|"
    "bookkeeping|React|TypeScript|Go|C++|Linux|AWS|Terraform|copywriting|SEO|project management|Scrum|forklift licence|"
    "negotiation|public speaking|Tableau|Power BI|Git|Salesforce|CNC milling|phlebotomy|cooking|teamwork|PyTorch|"
    "patience|a driving licence|good English|double-entry accounting|wound care|sewing|soldering|proofreading|tax law|Italian|latte art|"
    "data protection law|quality control|MATLAB|PowerPoint|carpentry|tiling|customer service|event planning|JavaScript|PostgreSQL|network security|"
    "crane operation|gardening|baking|lesson planning|food hygiene|bike repair|market research|statistics|3D printing|video editing|Polish|stock keeping|typing"
).split("|")
ROLES = (
    "Engineer|Developer|Nurse|Accountant|Chef|Electrician|Data Analyst|Project Manager|Teacher|Designer|Driver|Receptionist|"
    "Sales Manager|Product Owner|Mechanic|Translator|Architect|Pharmacist|Editor|Plumber|Technician|Consultant|Barista|Recruiter|"
    "Carpenter|Librarian|Baker|Bus Driver|Hairdresser|Dental Assistant|Physiotherapist|Social Worker|Tax Adviser|Warehouse Worker|Waiter|Gardener|"
    "Web Designer|Office Clerk|Security Guard|Midwife|Roofer|Machine Operator|Research Assistant|Lab Technician|Copywriter|Event Manager|Cook|Cleaner|"
    "Kindergarten Teacher|Painter|Surveyor|Network Administrator|Executive Assistant|Paralegal|Optician|Tour Guide|Forklift Driver|Welder|Beekeeper|Store Manager"
).split("|")
LEVELS = ["Senior ", "Junior ", "Lead ", "Head ", "Assistant ", "", "", "", "Chief ", "Deputy "]
FIELDS = ["Software ", "Backend ", "Night ", "Cloud ", "Marketing ", "Mobile ", "", "", "", "Security ", "Field ", "QA "]
PERKS = (
    "free lunch|company car|30 days holiday|gym membership|flexible hours|pension plan|health insurance|training budget|"
    "stock options|free parking|job ticket|home office|team events|bonus|childcare|new laptop|free coffee|bike leasing|"
    "a thirteenth salary|your own desk|language lessons|fresh fruit|four-day weeks in summer|a canteen|paid overtime|moving costs|staff discount|work clothes|"
    "a mentor|a quiet room|season tickets|unlimited tea|sabbaticals|a company phone|swimming pass|birthday off"
).split("|")


def title(s: Source) -> Value:
    text = s.any(LEVELS) + s.any(FIELDS) + s.pick(ROLES)
    return words(text + s.any(["", "", "", f" - {s.invented()}", " (m/f/d)"]))


def salary(s: Source) -> Value:
    """A pay range; its ends, currency and period may be asked for."""
    code = s.any(["USD", "EUR", "GBP", "CHF", "SEK", "PLN", "CAD"])
    sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(code, code + " ")
    hourly = s.chance(0.15)
    monthly = not hourly and s.chance(0.2)
    low = s.r.randint(12, 60) if hourly else s.r.randint(15, 90) * 100 if monthly else s.r.randint(22, 180) * 1000
    high = low + (s.r.randint(1, 20) if hourly else s.r.randint(1, 20) * 100 if monthly else s.r.randint(2, 40) * 1000)
    per = "hour" if hourly else "month" if monthly else "year"
    period = s.any({"hour": [" per hour", "/h", " an hour"], "month": [" per month", " monthly", "/month"], "year": [" per year", " a year", "", " p.a.", " annually"]}[per])
    style = s.r.randint(0, 4)
    if style == 0 and per == "year":
        lo, hi = f"{low // 1000}k", f"{high // 1000}k"
    elif style == 1:
        lo, hi = str(low), str(high)
    elif style == 2:
        lo, hi = f"{low:,}".replace(",", "."), f"{high:,}".replace(",", ".")
    else:
        lo, hi = f"{low:,}", f"{high:,}"
    text = s.any([f"{sign}{lo} - {sign}{hi}", f"{lo} - {hi} {code}", f"{code} {lo}-{hi}", f"{lo} to {hi} {code}", f"{sign}{lo}–{hi}", f"between {lo} and {hi} {code}"]) + period
    parts = {"low": Value("", str(low), NUMBER if s.chance(0.5) else {"type": "integer"}), "high": Value("", str(high), NUMBER if s.chance(0.5) else {"type": "integer"}),
             "currency": Value("", quoted(code), s._currency(code))}
    if period:
        parts["period"] = Value("", quoted(per), {"type": "string", "enum": s.any([["hour", "month", "year"], ["year", "month", "hour"], ["hour", "day", "month", "year"]])})
    return Value(text, quoted(text), {"type": "string"}, parts)


KIND = Kind(
    "job",
    listed(
        Concept("title", title, "title|job_title|position|role|job|vacancy|job_name|opening", "Name of the job|Job title|Position offered", "Position|Title|Job|Role|Job title|Vacancy|We are hiring|Opening", "We are looking for a {}.|{} wanted!|Join us as {}.|Our team needs a {}.|We want to hire a {}.|Become our next {}.|The role: {}.|hiring: {}"),
        Concept("company", Source.company, "company|employer|organisation|company_name|organization|hiring_company|firm", "Who is hiring|Name of the employer|Company offering the job", "Company|Employer|Organisation|At|Who we are", "{} is growing.|We at {} care for people.|Work with {}.|{} is hiring.|About {}: we are a friendly company.|Join {}!|Your employer is {}.|at {}"),
        Concept("location", Source.city, "location|city|place|office|workplace|where|job_location|based_in", "Where the job is|City of the job|Place of work", "Location|City|Place|Office|Where|Based in|Workplace", "The office is in {}.|You will work in {}.|based in {}|Our team sits in {}.|Located in {}.|The place of work is {}."),
        Concept("remote", lambda s: s.flag("Fully remote.|You can work from anywhere.|Remote work is possible.|Work from home.|100% remote|home office possible|We are a remote team.", "On site only.|No remote work.|You work in our office every day.|Presence in the office is required.|This is not a remote job.|office-based|home office is not possible"),
                "remote|is_remote|remote_possible|home_office|work_from_home", "Whether remote work is possible|True if remote", "Remote|Home office"),
        Concept("workplace", lambda s: s.choice(["on-site|hybrid|remote", "office|hybrid|remote", "onsite|hybrid|remote"], {0: "You work in our office every day.|On site only.|Presence is required all week.|in our office, five days|no home office|at our site", 1: "Two days at home, three in the office.|Hybrid work.|partly from home|a mix of home and office|some days remote|flexible between home and office", 2: "Work from anywhere.|Fully remote.|There is no office.|a remote-only team|100% from home|you never have to come in"}),
                "work_mode|workplace_type|arrangement|remote_policy|work_model|mode", "Where the work is done|Office, home or both", "Work mode|Workplace"),
        Concept("employment", lambda s: s.choice(["full-time|part-time|contract|internship|temporary", "full time|part time|freelance|intern|temporary", "FULL_TIME|PART_TIME|CONTRACT|INTERNSHIP|TEMPORARY", "permanent|part-time|contractor|internship|seasonal"],
                {0: "Full-time position.|40 hours per week.|a permanent full time job|This is a full-time role.|We offer an unlimited full-time contract.|38.5 hours a week, permanent", 1: "Part-time, 20 hours a week.|half days only|a part-time position|This is a part time job.|two or three days a week|15 hours weekly",
                 2: "Freelance contract for six months.|as a freelancer|contractors welcome|This is a contract role.|on a day rate|project based, self-employed", 3: "A six month internship.|We are looking for an intern.|for students, as an internship|This is an internship.|intern position|as part of your studies", 4: "Only for the summer.|temporary cover for parental leave|a limited time job until autumn|seasonal work|for the season|a short-term job"}),
                "employment_type|type|contract_type|job_type|contract|schedule|hours_type", "Kind of contract|Full-time or part-time|Type of employment", "Employment type|Type|Contract|Job type|Hours"),
        Concept("level", lambda s: s.choice(["junior|mid|senior|lead", "entry|mid|senior|lead", "Junior|Intermediate|Senior|Principal"], {0: "Beginners are welcome.|a job for newcomers|for graduates|no experience needed|your first job|entry level", 1: "a few years in the job|for people with some experience|You have worked two or three years.|mid-level|solid practice|not your first job", 2: "for experienced people|You have seen a lot.|many years of practice|a senior role|senior level|deep expertise", 3: "You lead the team.|leading ten people|with responsibility for the team|You head the group.|team lead|you manage others"}),
                "seniority|level|experience_level|career_level|grade", "How senior|Level of experience", "Level|Seniority|Career level"),
        Concept("salary", salary, "salary|pay|compensation|salary_range|wage", "Pay as written|Salary as in the text", "Salary|Pay|Compensation|Salary range|We pay|Wage", "We pay {}.|The salary is {}.|You earn {}.|compensation: {}|Pay range {}.|You can expect {}.",
                {"low": ("salary_min|min_salary|pay_from|salary_low|salary_from|minimum_salary|pay_min", "Lowest pay|Lower end of the salary|Minimum salary"), "high": ("salary_max|max_salary|pay_to|salary_high|salary_to|maximum_salary|pay_max", "Highest pay|Upper end of the salary|Maximum salary"),
                 "currency": ("currency|salary_currency|pay_currency", "Currency of the salary|ISO code"), "period": ("salary_period|pay_period|period|per", "Pay per what|Per hour, month or year")}),
        Concept("skills", lambda s: s.series(s.several(lambda: s.pick(SKILLS) if s.chance(0.85) else s.invented(), 1, 6)), "skills|requirements|required_skills|must_have|technologies|qualifications|tech_stack|needed", "What you must know|Required skills|Skills asked for", "Skills|Requirements|You know|Required|Must have|Technologies|Stack|You bring", "You know {}.|We ask for {}.|required: {}|You are good at {}.|Experience with {} is needed.|You bring {}.|You work with {} every day."),
        Concept("nice", lambda s: s.series(s.several(lambda: s.pick(SKILLS) if s.chance(0.85) else s.invented(), 1, 3)), "nice_to_have|optional_skills|bonus_skills|preferred|plus|preferred_skills", "Skills that are a plus|Not required but welcome", "Nice to have|A plus|Bonus|Preferred|Optional", "{} would be nice.|{} is a plus.|Ideally you also know {}.|Not a must: {}.|bonus points for {}|We are happy about {}.", rare=True),
        Concept("benefits", lambda s: s.series(s.several(lambda: s.pick(PERKS), 1, 5)), "benefits|perks|we_offer|extras|advantages|offers", "What the employer offers|Perks of the job", "Benefits|Perks|We offer|What you get|Our offer", "We offer {}.|You get {}.|You enjoy {}.|benefits: {}|On top there is {}.|Look forward to {}."),
        Concept("years", lambda s: s.integer(1, 12), "years_experience|min_years|experience_years|years_of_experience|experience|min_experience", "Years of experience|How many years you need", "Experience (years)|Years of experience|Min. years", "at least {} years of experience|You have worked for {} years or more.|minimum {} years in the job|{}+ years of practice|You bring {} years of experience.|We expect {} years."),
        Concept("deadline", Source.date, "deadline|apply_by|application_deadline|closing_date|closes|apply_until|valid_until", "Last day to apply|Application deadline|When applications close", "Deadline|Apply by|Closing date|Apply until|Application deadline|Closes", "Apply by {}.|Applications close on {}.|Send your papers until {}.|The deadline is {}.|We accept applications before {}.|open until {}"),
        Concept("start", Source.date, "start_date|starts|start|starting|begin|first_day|available_from", "First day of work|When the job starts", "Start|Start date|Starting|Begin|From", "You start on {}.|The job begins on {}.|starting {}|Start date is {}.|Your first day is {}.|from {} on"),
        Concept("posted", Source.date, "posted|posted_on|published|date_posted|published_on|date", "When it was published|Day of posting", "Posted|Published|Date posted|Online since", "Posted on {}.|Published {}.|online since {}|This ad was placed on {}.", rare=True),
        Concept("contact", Source.person, "contact|contact_person|recruiter|contact_name|hiring_manager|apply_to", "Whom to ask|Person to contact|Name of the recruiter", "Contact|Contact person|Recruiter|Questions to|Hiring manager", "Ask for {}.|Your contact is {}.|{} will answer your questions.|Please write to {}.|Talk to {}.|{} looks forward to your application."),
        Concept("email", lambda s: s.email(), "email|contact_email|apply_email|application_email|apply_to|mail", "Where to send applications|E-mail to apply", "Email|E-mail|Apply|Apply to|Send CV to", "Send your CV to {}.|Apply via {}.|Write to {}.|applications to {}|mail us: {}|Your papers go to {}."),
        Concept("url", Source.url, "url|apply_url|link|website|application_link|apply_link", "Link to apply|Web page of the job", "Apply|Link|Web|Apply at|URL", "Apply at {}.|More on {}.|See {}.|Online: {}|Visit {}.|the form is at {}", rare=True),
        Concept("ref", lambda s: s.code("JOB", "REF", "REQ"), "reference|job_id|reference_number|ref|requisition_id|id|job_number", "Reference of the post|Job id", "Ref|Reference|Job ID|Job no.|Ref. no.", "Quote {} when applying.|The reference is {}.|job number {}|(Ref. {})|id {}|reference: {}"),
        Concept("openings", lambda s: s.integer(1, 12), "openings|positions|vacancies|number_of_openings|headcount", "How many are hired|Number of vacancies", "Openings|Positions|Vacancies", "We hire {} people.|{} positions are open.|There are {} openings.|{} vacancies", rare=True),
    ),
    [
        "{title}\n{company}, {location}\n\n{employment} {workplace}\nSalary: {salary}\nYou know {skills}.\nApply by {deadline} to {email}.",
        "{company} is looking for a {title} in {location}. {employment} We pay {salary}. You should know {skills} and have at least {years} years of experience. {remote} Contact: {contact}, {email}",
        "JOB POST {ref}\nRole: {title}\nEmployer: {company}\nWhere: {location}\nType: {employment}\nPay: {salary}\nStart: {start}\nRequirements:\n{skills}\nWe offer: {benefits}",
        "We are hiring! {title} ({level})\nAt {company} you get {benefits}. {workplace}\nMust have: {skills}\nNice to have: {nice}\nLink: {url}",
        "Hi all, my company {company} needs a {title}. {remote} {salary}, start {start}. Write {contact} if interested before {deadline}.",
        "About us\n{company} sits in {location}.\n\nAbout the job\nAs {title} you work with {skills}. {employment}\n\nWhat we offer\n{benefits}, {salary}\n\nHow to apply\nSend papers to {contact} ({email}) until {deadline}. Ref {ref}",
        "{title} - {location} - {salary}\n{company}\nPosted {posted}\n{level} {remote}\n{skills}",
    ],
    "We are hiring|Job offer|Vacancy|Join us!|Jobs|Career|Your new job?|About us",
    "We are a young team.|Everyone is welcome here.|We value diversity.|Our dog is called Rex.|You will love it here.|The company exists for fifty years.|We have a nice kitchen.|Short ways of decision.|Your tasks are many.|We speak English in the team.|No agencies please.|You care about quality.|Interviews take place online.",
    "We look forward to your application!|Apply now|See you soon|Questions? Just ask.|Equal opportunity employer.|No cover letter needed.",
)

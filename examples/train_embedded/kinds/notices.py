"""Power cuts, lost and found, weather bulletins, incident reports."""

from values import Source

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, decimal, member, shaped, whole
from kinds.parts import clocked, count, measure, money, one_of, phrase, several, yes_no

OUTAGE = Kind(
    "power outage",
    listed(
        C("utility", Source.company, "utility|provider|operator|network_operator|issued_by|company", "Who runs the network|Supplier that announces the cut", "Utility|Provider|Operator|Network operator|Issued by", "{} informs:|The operator is {}.|issued by {}|Your supplier {} is working on it.|{} must switch off the current|a notice of {}"),
        C("area", Source.city, "area|district|affected_area|town|where|location", "Where there is no power|Affected district", "Area|District|Affected area|Town|Where|Affected", "in {}|{} is affected.|The cut concerns {}.|Households in {} are without power.|affected: {}|all of {}"),
        C("street", Source.address, "street|address|streets|affected_street|site", "Affected street|Where exactly", "Street|Address|Affected street|Site", "along {}|Around {} all lights are out.|the cable lies at {}|works at {}|{} is hit worst.", rare=True),
        C("starts", Source.moment, "starts|start|outage_start|from|begins_at|off_at", "When the power goes off|Start of the cut", "Start|From|Off at|Begins|Outage start", "It starts {}.|The power goes off {}.|from {}|beginning {}|off since {}|at {} the lights went out", {"date": ("start_date|outage_date|date", "Day of the cut"), "time": ("start_time|off_time", "Hour when the power goes off")}),
        C("restored", Source.moment, "restored|end|back_at|expected_restoration|until|power_back", "When the power is back|End of the cut", "Restored|Until|Back at|Expected end|Power back|Ends", "Power will be back {}.|until {}|restored {}|We hope to finish {}.|expected end {}|supply returns {}"),
        C("customers", whole(12, 9800), "customers_affected|households|affected|customers|homes|connections", "How many are without power|Number of customers affected", "Customers affected|Households|Homes|Connections|Customers", "{} households are affected.|about {} customers|{} homes are dark|some {} connections|The number of customers without power is {}."),
        C("cause", phrase("fallen tree|cable fault|transformer fire|flooded substation|digger hit a cable|planned maintenance|lightning strike|replacement of meters|bird on the line|overload"), "cause|reason|due_to|fault|why", "Why the power is off|Cause of the fault", "Cause|Reason|Due to|Fault|Why", "The cause is a {}.|because of a {}|due to {}|reason: {}|{} is to blame.|It was a {}."),
        C("hotline", Source.phone, "hotline|phone|emergency_number|call|information_number", "Number to call|Emergency line", "Hotline|Phone|Emergency|Call|Info line", "Call {} for news.|hotline {}|in case of danger ring {}|The number is {}.|information under {}"),
        C("number", shaped("OUT-####|INC######|F##-####|N%####"), "notice_number|outage_id|incident|fault_number|reference|ticket", "Number of the notice|Identifier of the fault", "Notice no.|Outage ID|Fault no.|Incident|Ref.", "under the number {}|fault {}|notice {}|quote {} when you call|registered as {}"),
        C("planned", yes_no("This is planned work.|The interruption is scheduled.|A planned shutdown.|Works announced long ago.|part of regular maintenance|We switch off on purpose.", "This was not planned.|An unexpected fault.|A sudden failure.|It came without warning.|an emergency, not a planned cut|unplanned interruption"), "planned|scheduled|is_planned|planned_outage|maintenance", "Whether it is planned work|True if announced before", "Planned|Scheduled"),
        C("water", yes_no("Water supply is affected as well.|There is no water either.|Pumps fail, so taps may run dry.|Expect no tap water too.|The water is off, too.|water is interrupted also", "Water is not affected.|Tap water runs as usual.|The water supply stays on.|You will have water.|no effect on water|Taps keep running."), "water_affected|water_too|no_water|water_interrupted", "Whether water is off, too|Is the water affected", "Water affected", rare=True),
        C("crew", count(2, 12), "crews|teams|technicians|crew_count|workers", "How many teams are at work|Number of crews", "Crews|Teams|Technicians|No. of crews", "{} crews are out.|{} teams work on it|We have sent {} technicians.|{} people on site"),
    ),
    [
        "NOTICE OF POWER INTERRUPTION\nArea: {area}\nStart: {starts}\nExpected end: {restored}\nReason: {cause}\nCustomers affected: {customers}\nHotline: {hotline}\n{planned}\n{utility}",
        "neighbours, power is out again in {area}, since {starts}. {utility} says {cause}, back {restored}. call {hotline} if you smell smoke",
        "{customers} homes without electricity\n\nA {cause} has left {customers} homes in {area} in the dark. {utility} sent {crew} teams and hopes to be done {restored}. {water}",
        "Dear customer,\nwe have to switch off the current. {planned}\nfrom: {starts}\nto: {restored}\nconcerns: {street}\n\nYour {utility} (fault line {hotline})",
        "SMS {utility}: outage {number} {area}. Off {starts}. Est. back {restored}. {hotline}",
        "id,area,from,to,homes\v{number},{area},{starts},{restored},{customers}",
        "UPDATE 2: {number} - cause found ({cause}). {crew} crews on site. Restoration {restored}. Homes without supply {customers}.",
        '{"outage": "{number}", "operator": "{utility}", "area": "{area}", "off": "{starts}", "back": "{restored}", "homes": {customers}, "cause": "{cause}"}',
        "{restored} is when the power should be back, according to {utility}. It went off {starts}. Around {street} the crews found a {cause}. {water}",
        "mrs k from {area} here, no light no fridge since {starts}!! {planned} Nobody answers at {hotline}. when does it come back??",
        "Operator\t{utility}\nFault\t{number}\nArea\t{area}\nOff\t{starts}\nCause\t{cause}\nTechnicians\t{crew}",
    ],
    "Power cut|Notice|Dear customers,|OUTAGE INFORMATION|Attention|Hello neighbours,|Service notice|Stromausfall / power outage",
    "Please switch off your stove.|Keep the fridge closed.|Candles are a danger.|Traffic lights may fail.|Lifts should not be used.|We apologise.|Unplug your devices.|Check on elderly neighbours.",
    "Thank you for your patience|Your supplier|Stay safe|Printed on recycled paper|We are working on it|End of notice",
)

LOST = Kind(
    "lost and found",
    listed(
        C("object", phrase("brown leather wallet|silver necklace|black backpack|set of keys|blue umbrella|reading glasses|child's scooter|violin case|grey woollen scarf|smartphone|gold watch|passport|red suitcase|hearing aid"), "item|object|article|what|lost_property|thing", "What was lost or found|The object", "Item|Object|Article|What|Lost property|Thing", "It is a {}.|a {}|The object is a {}.|missing: {}|one {}|It concerns a {}."),
        C("brand", Source.thing, "brand|make|model|maker", "Make or model of the object|Brand", "Brand|Make|Model|Maker", "The make is {}.|made by {}|it says {} on it|model {}|labelled {}", rare=True),
        C("color", member("black|brown|blue|red|green|grey|silver|white|yellow"), "color|colour|main_colour|looks", "Colour of the object|Which colour it has", "Color|Colour|Main colour", "The colour is {}.|it is {}|{} in colour|of {} colour|kind of {}"),
        C("owner", Source.person, "owner|lost_by|loser|belongs_to|claimant", "Who lost it|Name of the owner", "Owner|Lost by|Belongs to|Claimant|Loser", "{} lost it.|It belongs to {}.|The owner is {}.|lost by {}|{} is looking for it|the name {} is inside"),
        C("finder", Source.person, "finder|found_by|handed_in_by|honest_finder|brought_by", "Who found it|Name of the finder", "Finder|Found by|Handed in by|Brought by", "{} found it.|handed in by {}|found by {}|The finder is {}.|{} brought it to us.|thanks to {}, who picked it up"),
        C("officer", Source.person, "officer|clerk|recorded_by|on_duty|police_officer", "Officer who wrote the report|Who recorded it", "Officer|Recorded by|Clerk|On duty|Desk officer", "recorded by {}|{} wrote the report.|The officer on duty was {}.|report taken by {}|ask for officer {}"),
        C("lost_at", composed("bus line {n}|{c} station|{i} park|market square of {c}|café {i}|tram stop {i}|swimming pool {i}|train to {c}", n="12|3|47|208|9|61"), "place_lost|lost_at|where_lost|last_seen_at|lost_where", "Where it was lost|Place where it was seen last", "Lost at|Place lost|Where lost|Last seen at", "lost at {}|It was lost near {}.|last seen at {}|I must have left it at {}.|disappeared around {}"),
        C("found_at", composed("bench by {i}|{c} airport|{i} cinema|under a seat on the bus to {c}|steps of the {i} library|car park {i}|ladies' room of {i}|beach of {c}"), "place_found|found_at|where_found|found_where|location_found", "Where it was found|Place of the find", "Found at|Place found|Where found|Find spot", "found at {}|It lay at {}.|picked up at {}|It turned up at {}.|place of the find: {}"),
        C("lost_on", Source.date, "lost_on|date_lost|missing_since|lost_date|day_lost", "When it was lost|Day of the loss", "Lost on|Date lost|Missing since|Day of loss", "lost on {}|missing since {}|I had it last on {}.|{} was the day it went missing.|gone since {}"),
        C("found_on", Source.date, "found_on|date_found|find_date|handed_in_on|day_found", "When it was found|Day of the find", "Found on|Date found|Handed in on|Find date", "found on {}|handed in {}|It was found {}.|{} is the day of the find.|turned up on {}"),
        C("until", Source.date, "kept_until|collect_by|storage_until|deadline|held_until", "How long it is kept|Last day to collect it", "Kept until|Collect by|Held until|Storage until|Deadline", "kept until {}|Collect it by {}.|We hold it until {}.|after {} it goes to auction|last day {}"),
        C("reward", money(5, 500), "reward|finder_fee|bounty|thank_you_money", "Money for the finder|Reward", "Reward|Finder's fee|Bounty", "A reward of {} is offered.|reward {}|I give {} to the finder|{} for whoever brings it back|finder's fee: {}"),
        C("number", shaped("LF-####|F####/##|20##-####|@#####"), "report_number|number|file|case|register_no|entry", "Number of the report|Entry in the register", "Report no.|Number|File|Register no.|Entry", "The entry is {}.|report {}|registered as {}|number {}|quote {} at the desk"),
        C("collected", yes_no("It has been collected.|The owner came and took it.|Returned to its owner.|It is back where it belongs.|handed over to the owner|Case closed, picked up.", "Nobody has collected it.|It is still with us.|The owner has not come.|Not yet claimed.|still lying in our store|waiting to be picked up"), "collected|returned|claimed|picked_up|handed_over", "Whether the owner has it back|True if returned", "Collected|Returned|Claimed"),
    ),
    [
        "LOST PROPERTY OFFICE\nEntry: {number}\nItem: {object}\nColour: {color}\nFound on: {found_on}\nFound at: {found_at}\nHanded in by: {finder}\nKept until: {until}",
        "LOST!!! {object}, {color}. Probably at {lost_at} on {lost_on}. Reward {reward}. {owner}",
        "Police notice {number}. On {found_on} a {object} was handed in by {finder}. The place of the find is {found_at}. {collected} The property is held until {until}. Officer: {officer}",
        "hi, i lost my {object} at {lost_at} ({lost_on}). its {color}. did anyone hand it in? {owner} thx",
        "> I lost a {object} on {lost_on}\n> {owner}\n\nGood news: found on {found_on} by {finder}. Come before {until}. Your number is {number}.\n{officer}",
        "{finder} found it, {owner} lost it: a {object}. {collected} Finder's fee {reward}.",
        "register;object;found;where;by;until\v{number};{object};{found_on};{found_at};{finder};{until}",
        "Report of loss\nReported by: {owner}\nObject: {object}\nMake: {brand}\nColour: {color}\nLast seen at: {lost_at}\nMissing since: {lost_on}\nDesk officer: {officer}",
        "Found on {found_on}, {found_at}: {object}. {color}. Ask for {finder}.",
        "Dear {owner},\nthe {object} which you reported missing on {lost_on} has turned up; it was found on {found_on}. {collected} Please thank {finder}. We keep it until {until}.\nRegards\n{officer}",
        "<find no=\"{number}\"><what>{object}</what><colour>{color}</colour><day>{found_on}</day><spot>{found_at}</spot><finder>{finder}</finder></find>",
    ],
    "Lost and found|Notice|Lost property|Hello,|POLICE NOTICE|Dear finder,|Is this yours?|Fundsache / found item",
    "Please bring an identity card.|We do not post items.|The office is on the ground floor.|It means a lot to me.|Please share.|A photo hangs at the door.|Proof of ownership is needed.|There is no cash in it.",
    "Thank you|The police station|Kind regards|Please help|The lost property team|Open in the mornings",
)

WEATHER = Kind(
    "weather bulletin",
    listed(
        C("place", Source.city, "place|location|city|station|for_place|where|region", "Place of the forecast|For which town", "Place|Location|Station|City|For|Where", "Weather for {}.|in {}|the outlook for {}|{} can expect the following.|forecast {}|measured in {}"),
        C("valid", Source.date, "date|valid_for|day|forecast_date|valid_on", "Day of the forecast|For which day it is", "Date|Valid for|Day|Forecast date|For the day", "for {}|valid on {}|The forecast is for {}.|{} will be like this.|on {} we expect"),
        C("issued", Source.time, "issued_at|issued|time_of_issue|bulletin_time|update_time", "When the bulletin was issued|Time of issue", "Issued|Issued at|Update|Bulletin time|Time of issue", "issued at {}|as of {}|updated {}|the bulletin of {}|written at {}"),
        C("high", measure(-5, 40, "°C|°C|degrees|° C"), "high|maximum|max_temperature|highest|t_max|temp_high", "Highest temperature|Maximum of the day in degrees", "High|Max|Maximum|Tmax|Highest|Max. temp", "up to {}|The maximum is {}.|highs of {}|the day reaches {}|top value {}|warming to {}"),
        C("low", measure(-25, 20, "°C|°C|degrees|° C"), "low|minimum|min_temperature|lowest|t_min|temp_low", "Lowest temperature|Minimum of the night in degrees", "Low|Min|Minimum|Tmin|Lowest|Min. temp", "down to {}|The minimum is {}.|lows of {}|at night {}|cooling to {}|the night brings {}"),
        C("wind", measure(3, 120, "km/h|kmh|km/h|knots"), "wind|wind_speed|windspeed|wind_force|breeze", "Speed of the wind|How strong the wind blows", "Wind|Wind speed|Breeze|Wind (mean)", "wind {}|The wind blows with {}.|a breeze of {}|{} of wind|mean wind speed {}"),
        C("gusts", measure(40, 180, "km/h|kmh|km/h|knots"), "gusts|gust_speed|max_gust|peak_wind|wind_gusts", "Strongest gusts|Peak of the wind", "Gusts|Gusts up to|Peak wind|Max gust", "gusts up to {}|in gusts {}|Peaks of {} are possible.|it may gust at {}|strongest blow: {}"),
        C("direction", member("north|northeast|east|southeast|south|southwest|west|northwest"), "wind_direction|direction|wind_from|from_direction", "Where the wind comes from|Direction of the wind", "Direction|Wind from|Wind direction|Dir.", "from {}|the wind comes from {}|blowing from the {}|direction: {}"),
        C("rain", decimal(0.1, 60, 1, "mm|mm|l/m²"), "rain|precipitation|rainfall|rain_mm|amount_of_rain", "Amount of rain|Precipitation in millimetres", "Rain|Precipitation|Rainfall|Precip.", "{} of rain|rain {}|precipitation of {}|about {} will fall|rainfall: {}"),
        C("chance", measure(5, 95, "%|%|percent"), "chance_of_rain|rain_probability|probability|pop|rain_chance", "How likely rain is|Probability of rain in percent", "Chance of rain|Rain probability|PoP|Probability", "the chance of rain is {}|rain with a probability of {}|{} chance of showers|it rains with {} probability"),
        C("sunrise", clocked(4, 8), "sunrise|sun_up|dawn|sun_rises", "When the sun rises|Time of sunrise", "Sunrise|Sun up|Dawn|Sun rises", "sunrise {}|The sun comes up at {}.|sun rises at {}|dawn at {}"),
        C("sunset", clocked(16, 21), "sunset|sun_down|dusk|sun_sets", "When the sun sets|Time of sunset", "Sunset|Sun down|Dusk|Sun sets", "sunset {}|The sun goes down at {}.|sun sets at {}|dusk at {}"),
        C("sky", one_of(["sunny|cloudy|rainy|snowy|stormy", "clear|overcast|rain|snow|thunderstorm"], ["Sunshine all day.|Not a cloud in the sky.|Bright and sunny.|A clear blue sky.|Plenty of sun.|You will need sunglasses.", "Thick clouds all day.|Grey skies.|It stays overcast.|The sun hardly shows.|Dull and cloudy, but dry.|A blanket of cloud.", "It rains most of the day.|Showers again and again.|Take an umbrella.|Wet and rainy.|Steady rain.|Rain sets in early.", "Snow falls down to the valleys.|Snowfall is expected.|Flakes all day.|It will be white by evening.|Fresh snow on the roads.|Snow showers.", "Thunderstorms in the afternoon.|Heavy storms with lightning.|Thunder and lightning.|Violent thunderstorms are possible.|Storm cells move in.|It will crash and flash."]), "sky|condition|weather|conditions|summary|outlook", "What the weather is like|General condition", "Sky|Condition|Weather|Outlook"),
        C("warning", yes_no("A weather warning is in force.|Warning issued!|There is an official warning.|Severe weather warning.|The warning level is raised.|Authorities warn of the weather.", "No warnings.|There is no warning.|No severe weather expected.|No alerts in force.|nothing dangerous in sight|All warnings were lifted."), "warning|has_warning|alert|severe_weather|warning_in_force", "Whether there is a warning|True if a warning is in force", "Warning|Alert"),
    ),
    [
        "WEATHER BULLETIN {place}\nValid for: {valid}\nIssued: {issued}\nMax: {high}\nMin: {low}\nWind: {wind}\nGusts: {gusts}\nRain: {rain}\nSunrise: {sunrise}\nSunset: {sunset}\n{warning}",
        "{sky} In {place} it warms up to {high}, at night it cools down to {low}. Wind from {direction}, {wind}, gusts {gusts}. {warning}",
        "morning! {place} today: high {high}, low {low}, rain chance {chance}. sun is up at {sunrise} and down at {sunset}. have a good one",
        "station;day;tmax;tmin;wind;gust;rain\v{place};{valid};{high};{low};{wind};{gusts};{rain}",
        "Between {low} in the night and {high} in the afternoon: {place} on {valid}. {sky} About {rain} of precipitation.",
        "MARINE FORECAST {place} {issued}\nwind {direction}, {wind}\npeak {gusts}\n{sky}\n{warning}",
        "Dear sailing friends, the gusts off {place} reach {gusts} while the mean wind is only {wind}. {warning} Sunset is at {sunset}, so come home before.",
        "| | {valid} |\v| Max | {high} |\v| Min | {low} |\v| PoP | {chance} |\v| Wind | {wind} |\v| Gusts | {gusts} |",
        '{"place": "{place}", "date": "{valid}", "t_max": "{high}", "t_min": "{low}", "wind": "{wind}", "gusts": "{gusts}", "sunrise": "{sunrise}", "sunset": "{sunset}"}',
        "Farmers' telephone weather, {issued}. {place}. {sky} Rain: {rain}, with a probability of {chance}. Lowest value {low}. Highest value {high}.",
        "The day in {place} starts with {low}. {sky} By afternoon {high}. The sun sets at {sunset}.",
    ],
    "Weather|Forecast|Good morning,|WEATHER REPORT|Outlook|Bulletin|Hello from the weather desk|Wetterbericht / weather",
    "Further outlook: changeable.|Fog patches are possible in valleys.|The pollen count is moderate.|Roads may be slippery.|Models disagree about the weekend.|Sea temperatures are normal.|Visibility is good.|The ground is dry.",
    "Next update soon|Your weather service|Stay dry|All values without guarantee|End of bulletin|Have a nice day",
)

INCIDENT = Kind(
    "incident report",
    listed(
        C("reporter", Source.person, "reported_by|reporter|author|filed_by|written_by|informant", "Who wrote the report|Person reporting", "Reported by|Reporter|Author|Filed by|Written by", "{} reports:|reported by {}|written by {}|This report is by {}.|{} filed it|signed: {}"),
        C("injured", Source.person, "injured_person|injured|victim|casualty|affected_person|person_hurt", "Who was hurt|Injured person", "Injured|Injured person|Victim|Casualty|Person hurt", "{} was hurt.|injured: {}|The victim is {}.|{} had to see a doctor.|hurt was {}|first aid was given to {}"),
        C("witness", Source.person, "witness|seen_by|witnessed_by|bystander|observer", "Who saw it|Witness", "Witness|Seen by|Bystander|Observer", "{} saw it.|witness: {}|witnessed by {}|{} stood nearby and saw everything.|can be confirmed by {}"),
        C("supervisor", Source.person, "supervisor|informed|manager|notified_person|foreman", "Superior who was told|Who was informed", "Supervisor|Informed|Manager notified|Foreman|Notified", "{} was informed.|The supervisor is {}.|reported to {}|told the foreman, {}|{} has been notified"),
        C("happened", Source.moment, "occurred_at|date_time|incident_time|happened|when|time_of_incident", "When it happened|Date and time of the incident", "Occurred|When|Incident time|Happened|Date/time", "It happened {}.|occurred {}|{} a loud bang was heard.|The accident took place {}.|on the spot since {}", {"date": ("incident_date|date|day_of_incident", "Day it happened"), "time": ("incident_hour|time|hour", "Hour it happened")}),
        C("reported", Source.date, "reported_on|report_date|filed_on|date_of_report|written_on", "When it was reported|Date of the report", "Reported on|Report date|Filed on|Date of report", "reported on {}|The report is dated {}.|filed {}|written on {}|{} is the date of this report"),
        C("place", composed("{n} of the {i} plant|hall {i}|warehouse {n2}|platform {n2}|corridor on floor {n2}|kitchen of {i}|site {i}|staircase {n2}", n="Loading dock|Boiler room|Workshop|Paint shop|Canteen|Roof|Yard", n2="2|3|4|5|7|B|C"), "place|location|where|scene|site", "Where it happened|Scene", "Place|Location|Where|Scene|Site", "at {}|The place was {}.|in {}|location: {}|the scene is {}|It took place at {}."),
        C("what", composed("{who} slipped on {thing}|{thing} fell from a shelf|{thing} caught fire|{who} was hit by {thing}|leak of {thing}|{who} cut a hand on {thing}|collision with {thing}|{who} stumbled over {thing}", who="a worker|a visitor|a driver|a cleaner|a trainee|a guest", thing="a wet floor|cooling oil|a forklift|a pallet|a ladder|cleaning acid|a glass door|an open drawer|a cable drum"), "what_happened|event|description|incident|summary|course", "What happened|Course of the incident in short", "What happened|Event|Description|Incident|Summary|Course", "What happened: {}.|event: {}|in short: {}|the incident ({})|{} - that was it"),
        C("severity", one_of(["minor|serious|fatal", "low|high|catastrophic", "slight|severe|deadly"], ["Nothing serious.|Only a scratch.|A plaster was enough.|Work went on at once.|A harmless matter.|It was a minor event.", "An ambulance had to come.|Broken bones.|It was a serious accident.|Hospital treatment was needed.|Severe injuries.|Surgery was necessary.", "One person died.|The accident was fatal.|Help came too late, a life was lost.|A deadly accident.|The victim died on the spot.|We mourn a colleague who did not survive."]), "severity|seriousness|grade|level|consequence", "How bad it was|Severity of the incident", "Severity|Level|Grade"),
        C("days", count(1, 60), "days_lost|lost_days|absence_days|days_off_work|downtime_days", "Days of work that were lost|Absence in days", "Days lost|Lost days|Absence (days)|Days off work", "{} days were lost.|off work for {} days|absence: {} days|{} working days lost"),
        C("cost", money(20, 30000), "cost|damage_cost|estimated_damage|damage|property_damage", "Damage in money|What it costs", "Damage|Cost|Estimated damage|Property damage", "The damage is {}.|repair costs {}|estimated at {}|{} of damage|it will cost about {}"),
        C("number", shaped("IR-####|A##/###|INC-20##-###|HSE####|@@-###"), "report_number|incident_no|case_id|number|record_id", "Number of the report|Record", "Report no.|Incident no.|Case ID|Record|No.", "report {}|The number is {}.|under {}|record {}|entered as {}"),
        C("measures", several("floor cleaned|warning sign put up|shelf fixed|training repeated|guard rail ordered|machine locked|light repaired|briefing of all staff|fire extinguisher replaced", 1, 3), "measures|corrective_actions|actions_taken|steps_taken|remedies", "What was done about it|List of measures", "Measures|Actions taken|Corrective actions|Steps taken|Remedies", "Measures: {}|done since: {}|actions taken: {}|We have reacted: {}"),
        C("ambulance", yes_no("An ambulance was called.|The ambulance came.|Paramedics took over.|Emergency services were alerted.|rescue service on site|The emergency doctor was called in.", "No ambulance was needed.|No ambulance came.|We did not call the rescue service.|Emergency services were not alerted.|no paramedics necessary|Treated by our own first aider, no ambulance."), "ambulance|ambulance_called|rescue_called|emergency_services|paramedics", "Whether an ambulance was called|Did paramedics come", "Ambulance|Ambulance called"),
    ),
    [
        "INCIDENT REPORT {number}\nWhen: {happened}\nWhere: {place}\nWhat happened: {what}\nInjured: {injured}\nWitness: {witness}\nReported by: {reporter}\nReport date: {reported}\n\n{severity} {ambulance}",
        "{happened}, {place}: {what}. {injured} was hurt. {ambulance} {severity} I told {supervisor}. - {reporter}",
        "hi {supervisor}, bad news from {place}. {what}. its {injured}, {witness} saw it. {ambulance} Damage maybe {cost}",
        "no;when;where;victim;witness;days\v{number};{happened};{place};{injured};{witness};{days}",
        "Statement of {witness}: I stood at {place} {happened} when this occurred: {what}. {injured} was the one who got hurt. {severity}",
        "Actions taken: {measures}\nIncident: {what}\nDays lost: {days}\nDamage: {cost}\nForeman: {supervisor}",
        "To: {supervisor}\nFrom: {reporter}\nDate of report: {reported}\n\nWe had an incident at {place}. {injured} will be off work for {days} days. {severity} The cost is about {cost}.",
        "{injured} (injured), {witness} (witness), {reporter} (report), {supervisor} (informed). Event: {what}. {ambulance}",
        '{"record": "{number}", "occurred": "{happened}", "filed": "{reported}", "place": "{place}", "event": "{what}", "casualty": "{injured}", "author": "{reporter}", "cost": "{cost}"}',
        "Accident book p. 41\nperson hurt ... {injured}\nperson reporting ... {reporter}\nscene ... {place}\ntime of incident ... {happened}\nentry made ... {reported}",
        "As reported on {reported} by {reporter}, there was an event at {place}: {what}. {severity} {cost} of damage, {days} days lost. The foreman, {supervisor}, has been notified.",
    ],
    "Incident report|Accident|Dear safety team,|Report|INCIDENT|Memo|Hello,|Unfallmeldung / accident report",
    "The floor had just been cleaned.|Photos were taken.|The area was closed off.|Colleagues were shocked.|Helmets were worn.|The machine was switched off.|Nobody else was in the room.|It could have been worse.",
    "End of report|Regards|Signature|Copy to the works council|Filed|Stay safe",
)

KINDS = [OUTAGE, LOST, WEATHER, INCIDENT]

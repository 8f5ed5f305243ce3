"""Notes of a release, reports of bugs, alerts of servers, logs of sensors."""

from values import INTEGER, Source, Value, words

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, decimal, made, member, shaped, whole
from kinds.parts import count, measure, one_of, several, yes_no


def version(s: Source) -> Value:
    r = s.r.randint
    return words(s.any([f"{r(0, 20)}.{r(0, 30)}.{r(0, 30)}", f"v{r(1, 9)}.{r(0, 19)}.{r(0, 9)}", f"{r(2019, 2027)}.{r(1, 12)}", f"{r(1, 9)}.{r(0, 9)}-beta{r(1, 4)}", f"{r(1, 9)}.{r(0, 19)}.{r(0, 9)}-rc.{r(1, 3)}", f"{r(10, 140)}.{r(0, 9)}"]))


def host(s: Source) -> Value:
    name = s.any([s.invented(1, 2).lower(), s.any(["web", "db", "mail", "cache", "proxy", "build", "node", "auth"])])
    return words(s.any([f"{name}-{s.r.randint(1, 40):02d}", f"{name}{s.r.randint(1, 99)}.{s.invented(1, 2).lower()}.net", f"{name}.{s.any(['prod', 'stage', 'eu', 'us-east'])}.{s.invented(1, 2).lower()}.io", f"srv-{name}"]))


def address(s: Source) -> Value:
    return words(".".join(str(s.r.randint(1, 254)) for _ in range(4)))


def commit(s: Source) -> Value:
    return words("".join(s.r.choice("0123456789abcdef") for _ in range(s.any([7, 8, 12]))))


def login(s: Source) -> Value:
    first, _, last = s.person().text.lower().partition(" ")
    clean = "".join(c for c in s.any([f"{first[:1]}{last}", first, f"{first}.{last}", f"{first}{s.r.randint(1, 99)}"]) if c.isalnum() or c == ".")
    return words(clean.replace("..", ".").strip(".") or "root")


def path(s: Source) -> Value:
    w = lambda: s.invented(1, 2).lower()
    return words(s.any([f"src/{w()}/{w()}.py", f"/var/log/{w()}.log", f"lib/{w()}.ts", f"{w()}/{w()}.go", f"{w()}/{w()}.ini", f"/etc/{w()}/{w()}.conf"]))


ERROR = composed("{i}Error: {what}|cannot {verb} {w}|{what} in module {w}|timeout while trying to {verb} {w}|{what}: {w}|unexpected token {w}|failed to {verb} {i}", what="index out of range|null reference|permission denied|division by zero|file not found|disk quota exceeded|connection reset|invalid checksum", verb="open|parse|load|connect to|decode|save|render")

RELEASE = Kind(
    "release note",
    listed(
        C("product", Source.thing, "product|project|package|name|software|library|component", "What is released|Name of the software", "Product|Project|Package|Name|Software|Library", "We release {}.|{} has a new version.|a new {} is out|the package {}|Users of {} should update."),
        C("version", version, "version|new_version|release|tag|released_version|to_version", "Version that is released|Number of the release", "Version|New version|Release|Tag|To", "version {}|{} is out.|We are proud to ship {}.|tagged {}|upgrade to {}|release {} is here"),
        C("previous", version, "previous_version|old_version|replaces|from_version|last_version", "Version before|What it replaces", "Previous version|Old version|Replaces|From|Last version", "It replaces {}.|the previous version was {}|coming from {}|users still on {} must migrate|upgrade from {}|supersedes {}"),
        C("minimum", version, "minimum_version|requires|min_version|needs|required_runtime", "Version of the runtime that is needed at least", "Requires|Minimum version|Needs|Min.", "It needs at least runtime {}.|requires {} or later|works from {} of the runtime on|minimum runtime {}"),
        C("date", Source.date, "release_date|date|released_on|published|shipped", "Day of the release|When it was published", "Release date|Date|Released|Published|Shipped", "released on {}|published {}|It came out {}.|{} is the day of release|available since {}"),
        C("support", Source.date, "end_of_support|supported_until|eol|maintenance_until|end_of_life", "Until when it is supported|End of life", "End of support|Supported until|EOL|Maintenance until", "supported until {}|End of life is {}.|fixes will come until {}|no updates after {}|maintained till {}"),
        C("author", Source.person, "maintainer|author|released_by|release_manager|prepared_by", "Who made the release|Maintainer", "Maintainer|Author|Released by|Release manager", "released by {}|{} prepared the release.|maintained by {}|The release manager is {}.|thanks to {} for cutting it"),
        C("contributor", Source.person, "contributor|thanks_to|contributed_by|first_contribution|new_contributor", "Who contributed for the first time", "Contributor|Thanks to|New contributor|First contribution", "thanks to {} for the patch|{} made a first contribution.|welcome to {}|contributed by {}", rare=True),
        C("commit", commit, "commit|hash|revision|sha|git_ref", "Commit of the release|Hash", "Commit|Hash|Revision|SHA|Rev.", "built from {}|commit {}|at revision {}|the hash is {}"),
        C("size", decimal(0.1, 900, 1, "MB|MB|MiB"), "size|download_size|size_mb|package_size|megabytes", "Size of the download", "Size|Download|Download size|Package size", "{} to download|The size is {}.|a download of {}|weighs {}"),
        C("fixed", count(1, 60), "bugs_fixed|fixes|fixed_issues|number_of_fixes|bugfixes", "How many bugs were fixed|Number of fixes", "Bugs fixed|Fixes|Fixed issues|Bugfixes", "{} bugs were fixed.|{} fixes|closes {} issues|with {} bug fixes|number of fixes: {}"),
        C("features", several("dark mode|offline editing|faster start|export as PDF|keyboard shortcuts|plugin interface|undo history|two-factor login|search in attachments|bulk import|new icons", 1, 4), "features|new_features|highlights|added|whats_new", "What is new|List of new features", "New|Features|Highlights|Added|What's new", "New: {}|It adds {}|highlights are {}|now with {}|added: {}"),
        C("breaking", yes_no("This release has breaking changes.|Not compatible with older versions.|You must change your code.|The old interface was removed.|breaking change!|Migration is necessary.", "No breaking changes.|Fully compatible with older versions.|A drop-in replacement.|You need not change anything.|backward compatible|Existing code keeps working."), "breaking|breaking_changes|incompatible|is_breaking|needs_migration", "Whether code must be changed|True if not compatible", "Breaking|Breaking changes"),
        C("security", yes_no("Contains a security fix.|It closes a vulnerability.|A security release.|Please update at once, it fixes a hole.|A CVE is fixed by this.|security update", "No security fixes inside.|Not a security release.|There is nothing about security.|not security related|No vulnerability is concerned."), "security|security_fix|is_security_release|fixes_vulnerability", "Whether it fixes a security hole|True if security related", "Security|Security release"),
    ),
    [
        "# {product} {version}\n\nReleased {date}, replaces {previous}.\nRequires: {minimum}\nCommit: {commit}\n{breaking}\n\n## Added\n{features}\n\nMaintainer: {author}",
        "[ANN] {product} {version} released\n\nHi,\n{version} of {product} is out as of {date}. {breaking} {security} If you come from {previous}, read the guide. Support ends {support}.\n\n{author}",
        "## {version} ({date})\n- {security}\n- {breaking}\n- thanks to {contributor}\n- download: {size}",
        "heads up: upgrading {product} from {previous} to {version} today. {breaking} Min runtime is {minimum}. ping {author} if it burns",
        "name: {product}\nversion: {version}\nsupersedes: {previous}\nruntime: \">={minimum}\"\nsha: {commit}\nreleased: {date}\neol: {support}",
        '{"package": "{product}", "version": "{version}", "previous": "{previous}", "requires": {"runtime": "{minimum}"}, "date": "{date}", "author": "{author}", "fixes": {fixed}}',
        "The team of {product} fixed {fixed} bugs. {version} needs {minimum} or later; {previous} will get no more fixes after {support}. {security}",
        "Version | Date | Support until | Size\v{version} | {date} | {support} | {size}\n(old one: {previous})",
        "{previous} -> {version}\nby {author}\nrev {commit}\n{fixed} fixes\n{security}",
        "What's new? Quite a lot, says {author}: {fixed} fixes, and a first patch by {contributor}. {product} {version} can be had since {date}, {size} to download.",
        "Deploy note. App {product}. Was on {previous}, now on {version} (commit {commit}). Needs {minimum}. {breaking}",
        "product: {product}\nversion: {version}\nprevious: {previous}\nrequires: {minimum}\nbreaking: {breaking=}\nsecurity: {security=}",
        "{version} fixes what {previous} broke. {author} says sorry. Runtime needed: {minimum}. {fixed} issues are closed.",
        "Dear users of {product}, new version {version} is ready since {date}. If you have {previous}, please to make update fast. {security} Author is {author}.",
        "tag {version}\nfrom {previous}\nsha {commit}\nby {author}\non {date}\neol {support}",
        "Not {~code}, the right build is {commit}. {product} {version}, {size}, out {date}.",
        "{support} is when fixes end for {product} {version}. {breaking} New:\n{features}",
    ],
    "Release notes|Changelog|Announcement|Hi all,|WHAT'S NEW|Dear users,|Update|Release",
    "The documentation was revised.|Please report problems.|Checksums are on the mirror.|Docker images will follow.|Make a backup before.|Thanks to everyone who tested.|Known issues are listed in the tracker.|Installation is as before.",
    "Happy updating|The team|Cheers|Enjoy!|End of notes|Full diff on the web",
    order=(("date", "support"),),
)

BUG = Kind(
    "bug report",
    listed(
        C("title", composed("{thing} {fails} when {when}|{thing} {fails}|{when}, {thing} {fails}|{fails2} of {thing}|{thing} {fails} after {i}", thing="export dialog|search box|login page|PDF preview|undo button|import of contacts|dark theme|map view|price column|date picker", fails="crashes|shows nothing|hangs|loses data|is misaligned|flickers|returns 500", fails2="crash|slowness|wrong sorting|memory leak", when="the list is empty|offline|a name has an umlaut|two tabs are open|zoomed in|the disk is full"), "title|summary|subject|bug|headline|problem", "What is wrong in short|Headline of the bug", "Title|Summary|Subject|Bug|Problem", "Summary: {}.|The bug: {}.|in short: {}|headline: {}|problem - {}"),
        C("number", shaped("#%###|BUG-####|@@@-###|%#####|GH-###"), "bug_id|issue|issue_number|key|number|ticket", "Number of the bug|Key in the tracker", "Bug no.|Issue|Key|Bug ID|Tracker no.", "tracked as {}|bug {}|issue {}|see {}|It has the key {}."),
        C("duplicate", shaped("#%###|BUG-####|@@@-###|%#####|GH-###"), "duplicate_of|same_as|related_to|duplicates|see_also", "Number of an older report of the same", "Duplicate of|Same as|Related|See also", "a duplicate of {}|the same as {}|related to {}|already known as {}", rare=True),
        C("reporter", Source.person, "reporter|reported_by|found_by|author|opened_by", "Who found the bug|Reporter", "Reporter|Reported by|Found by|Opened by|Author", "reported by {}|{} found it.|The reporter is {}.|opened by {}|{} ran into this"),
        C("assignee", Source.person, "assignee|assigned_to|developer|owner|fixed_by", "Who has to fix it|Developer in charge", "Assignee|Assigned to|Developer|Owner|Dev", "assigned to {}|{} will fix it.|developer: {}|{} takes a look|on the desk of {}"),
        C("tester", Source.person, "tester|verified_by|qa|tested_by|reviewer", "Who checks the fix|Tester", "Tester|QA|Verified by|Tested by", "verified by {}|{} will test the fix.|QA: {}|to be checked by {}"),
        C("version", version, "found_in|affected_version|version|seen_in|broken_in", "Version that has the bug|Affected version", "Affects|Found in|Affected version|Seen in|Version", "seen in {}|It happens in {}.|affects {}|broken in {}|with version {}"),
        C("fix", version, "fixed_in|fix_version|target_version|resolved_in|solved_in", "Version with the fix|Target of the fix", "Fixed in|Fix version|Target|Resolved in|Milestone", "fixed in {}|The fix will be in {}.|target {}|scheduled for {}|solved with {}"),
        C("os", member("Windows|macOS|Linux|Android|iOS|FreeBSD|ChromeOS"), "os|platform|operating_system|system|runs_on", "Operating system|Platform it happens on", "OS|Platform|System|Operating system", "on {}|The platform is {}.|running {}|only under {}|seen on {}"),
        C("error", ERROR, "error|message|exception|error_message|log_line", "Error that is shown|Message in the log", "Error|Message|Exception|Log|Error text", "It says: {}|error: {}|the log has this line: {}|message \"{}\"|fails with: {}"),
        C("file", path, "file|path|source_file|where|location", "File it happens in|Place in the source", "File|Path|Source|Where|Location", "in {}|The culprit is {}.|see {}|file {}|somewhere in {}"),
        C("line", whole(2, 4000), "line|line_number|at_line|row", "Line in the file|Number of the line", "Line|Line no.|At line|Row", "line {}|at line {}|in line {} of it|look at line {}", rare=True),
        C("opened", Source.date, "opened|created|reported_on|date|filed", "When it was reported|Day the bug was opened", "Opened|Created|Reported on|Date|Filed", "opened on {}|reported {}|filed on {}|first seen {}|created {}"),
        C("closed", Source.date, "closed|resolved_on|closed_on|date_closed|fixed_on", "When it was closed|Day of the fix", "Closed|Resolved on|Closed on|Fixed on", "closed on {}|resolved {}|done since {}|fixed on {}", rare=True),
        C("severity", one_of(["trivial|minor|major|blocker", "P4|P3|P2|P1", "cosmetic|low|high|critical"], ["Just a cosmetic glitch.|Only a typo on the screen.|Barely visible.|Does not matter much.|A matter of looks.|one pixel off", "Annoying, but one can work around.|A small problem.|Some users stumble over it.|There is a workaround.|It can be lived with.|low impact", "An important function is broken.|Many users cannot finish their work.|This hurts a lot of people.|A core feature fails.|High impact.|Customers complain every day.", "Nobody can work!|It stops the release.|Data is destroyed!|The whole product is unusable.|Drop everything and fix this.|We cannot ship with this."]), "severity|priority|importance|level|impact", "How bad it is|Severity of the bug", "Severity|Priority|Impact"),
        C("reproducible", yes_no("It happens every time.|Always reproducible.|I can reproduce it at will.|100 % reproducible.|The steps below always trigger it.|happens on each try", "It happens only sometimes.|Not reproducible.|I could not make it happen again.|Nobody else sees it.|cannot be reproduced|It came once and never again."), "reproducible|always|can_reproduce|is_reproducible", "Whether it happens every time|Can it be reproduced", "Reproducible|Repro"),
    ),
    [
        "### {title}\n\nVersion: {version}\nOS: {os}\nReporter: {reporter}\n\n```\v{error}\v```\n{reproducible} {severity}",
        "{number} {title}\nOpened {opened} by {reporter}\nAssigned to {assignee}\nAffects {version}, fix planned for {fix}\n{severity}",
        "hey {assignee}, {title}. log: {error}. file is {file} line {line}. {reproducible} Seen on {os}, {version}. /{reporter}",
        "Key;Summary;Found in;Fixed in;Dev;QA\v{number};{title};{version};{fix};{assignee};{tester}",
        "Dear developers, in {version} under {os} I get this: {error}. {severity} {reproducible} Yours, {reporter}",
        "> {title} - can you check?\n> {reporter}\n\nKnown, duplicate of {duplicate}. {assignee} fixed it, comes with {fix}. {tester} verified.",
        "Traceback (most recent call last):\v  File \"{file}\", line {line}\v{error}\n\nplatform {os}, build {version}",
        "triage {opened}: {title} -> {assignee}. {severity} QA by {tester}. target {fix}",
        '{"key": "{number}", "summary": "{title}", "reporter": "{reporter}", "assignee": "{assignee}", "affects": "{version}", "fix": "{fix}", "os": "{os}"}',
        "Fixed in {fix} on {closed}: {title} ({number}, reported {opened} for {version}). Developer: {assignee}. Tester: {tester}.",
        "{tester} could not verify the fix of {number}. In {fix} it still says: {error}. Back to {assignee}. {reproducible}",
        "key: {number}\nfound in: {version}\nfixed in: {fix}\nreporter: {reporter}\nassignee: {assignee}\nseverity: {severity=}\nrepro: {reproducible=}",
        "{reporter} found it, {assignee} fixes it, {tester} tests it: {title}. Broken since {version}, good again in {fix}.",
        "Hello developers, in my {os} the program make error: {error}. I have version {version}. {reproducible} Please help, {reporter}",
        "{file}:{line}: {error}\n(platform {os}, opened {opened}, key {number})",
        "It's not {~person}'s bug. Moved to {assignee}. Same as {duplicate}. {severity}",
        "opened {opened}\nclosed {closed}\ntarget {fix}\nqa {tester}\nwhat {title}",
    ],
    "Bug report|Issue|Hi,|New issue|DEFECT|Dear developers,|Problem report|Triage",
    "Screenshot below.|I cleared the cache.|Works on my machine.|See the attached log.|It used to work.|Sorry for my English.|A restart does not help.|I hope this helps.",
    "Thanks|Cheers|End of report|Regards|Let me know|+1",
    order=(("opened", "closed"),),
)

ALERT = Kind(
    "server alert",
    listed(
        C("host", host, "host|server|hostname|machine|node|affected_host", "Machine that has the problem|Name of the server", "Host|Server|Hostname|Machine|Node", "on {}|{} has a problem.|The machine is {}.|server {}|host {} is not well|alarm on {}"),
        C("monitor", host, "monitor|source|reported_by|checked_from|sensor", "Machine that raised the alert|Monitoring node", "Monitor|Source|Reported by|Checked from|Checker", "reported by {}|checked from {}|the monitor {} says so|raised by {}", rare=True),
        C("ip", address, "ip|ip_address|address|host_ip|addr", "IP address of the machine", "IP|IP address|Addr|Address", "with the address {}|IP {}|at {}|The IP is {}.|reachable as {}"),
        C("client", address, "client_ip|source_ip|attacker|remote_address|from_ip", "Address the requests come from", "Client IP|Source IP|Remote|From IP|Attacker", "requests from {}|the attacker uses {}|coming from {}|client {}|blocked {}", rare=True),
        C("check", member("cpu|memory|disk|ping|http|certificate|backup|database|queue"), "check|service|metric|probe|monitored", "What was checked|Metric that is out of bounds", "Check|Service|Metric|Probe", "The check is {}.|check: {}|{} is out of bounds|service {}|the {} probe failed"),
        C("value", measure(0, 100, "%|%|percent"), "value|current|usage|measured|reading", "What was measured|Current value in percent", "Value|Current|Usage|Measured|Reading", "It stands at {}.|current value {}|measured {}|usage is {}|now {}"),
        C("threshold", measure(50, 99, "%|%|percent"), "threshold|limit|max|alarm_level|maximum", "Limit that was passed|Threshold in percent", "Threshold|Limit|Max|Alarm level", "The limit is {}.|threshold {}|allowed are {}|above the limit of {}|max {}"),
        C("since", Source.moment, "since|started_at|first_seen|down_since|triggered", "Since when|When the alarm began", "Since|Started|First seen|Triggered|Down since", "since {}|It started {}.|first seen {}|triggered {}|the alarm came {}", {"date": ("alarm_day|start_date|since_date", "Day the alarm began"), "time": ("alarm_hour|start_hour|since_time", "Hour the alarm began")}),
        C("recovered", Source.moment, "recovered|resolved_at|ended_at|up_again|cleared", "When it was fine again|End of the alarm", "Recovered|Resolved|Cleared|Ended|Up again", "recovered {}|fine again {}|cleared {}|resolved at {}|up again since {}"),
        C("oncall", Source.person, "on_call|assigned_to|engineer|notified|contact", "Who has been called|Engineer on duty", "On call|Engineer|Notified|Assigned|Contact", "{} is on call.|notified: {}|engineer {} was woken|{} takes care of it.|paged {}"),
        C("user", login, "user|account|username|login|run_as", "Account that is concerned|Name of the user", "User|Account|Username|Login|Run as", "by user {}|account {}|the process runs as {}|login {}|started by {}"),
        C("restarts", count(0, 40), "restarts|restart_count|attempts|retries|times_restarted", "How often it was restarted", "Restarts|Retries|Attempts|Restart count", "{} restarts so far|restarted {} times|after {} attempts|retries: {}"),
        C("process", composed("{w}d|{w}-worker|{w}.service|{w}_exporter|{w}-api"), "process|program|service_name|daemon|unit", "Program that causes it|Process", "Process|Program|Unit|Daemon|Service name", "The process is {}.|caused by {}|{} eats everything|daemon {}|unit {} failed"),
        C("level", one_of(["info|warning|critical", "ok|warn|crit", "low|medium|high"], ["For your information only.|No action needed.|Everything is back to normal.|Just so you know.|Nothing to do.|all green again", "Please keep an eye on it.|This may become a problem.|It is getting close to the limit.|A warning, not more.|Look at it tomorrow.|needs attention soon", "Act now!|The service is down.|Customers are affected.|Page the engineer at once.|Total failure.|everything stands still"]), "level|severity|priority|state|alert_level", "How bad it is|Level of the alert", "Level|Severity|State"),
        C("acknowledged", yes_no("Acknowledged.|Somebody has confirmed the alarm.|We have seen it.|The alert was acknowledged.|ack by the engineer|confirmed, being worked on", "Not acknowledged.|Nobody reacted so far.|No ack yet.|The alarm is unconfirmed.|no one has answered the page|still unacknowledged"), "acknowledged|ack|is_acknowledged|confirmed|seen", "Whether someone confirmed it|True if acknowledged", "Acknowledged|Ack"),
    ),
    [
        "ALERT {check} on {host} ({ip})\nvalue: {value}\nthreshold: {threshold}\nsince: {since}\non call: {oncall}\n{level}",
        "All clear: {check} / {host}\nstarted {since}\nrecovered {recovered}\n{level} {acknowledged}",
        "{oncall} pls look at {host}, {process} is at {value} (limit {threshold}) since {since}. {acknowledged} Restarted it {restarts} times already",
        "host={host} ip={ip} check={check} value={value} limit={threshold} unit={process} user={user}",
        "Dear {oncall},\nthe probe {monitor} found that {check} of {host} has reached {value}, which is above {threshold}. {level}\nThe process is {process}, run as {user}.",
        '{"host": "{host}", "addr": "{ip}", "remote": "{client}", "metric": "{check}", "current": "{value}", "limit": "{threshold}", "since": "{since}", "paged": "{oncall}"}',
        "Login attack: requests from {client} hit {host} ({ip}), account {user}. Blocked. {level} {acknowledged}",
        "| host | check | now | max | restarts |\v| {host} | {check} | {value} | {threshold} | {restarts} |\n{level}",
        "Postmortem, short: {host} went down {since} because {process} filled the disk ({value}). {oncall} fixed it, up again {recovered}. {restarts} restarts in between.",
        "<134>{host} {process}: started by {user}, client {client}, retries {restarts}",
        "{value} on {host}! allowed are {threshold}. reported by {monitor}. {acknowledged}",
        "host: {host}\nip: {ip}\ncheck: {check}\nlevel: {level=}\nack: {acknowledged=}\non call: {oncall}",
        "{oncall} was paged about {host}, not about its neighbour. Limit {threshold}, now {value}. {acknowledged} Process {process}.",
        "At {since.time} on {since.date} {check} of {host} passed {threshold}. Cleared {recovered}. {level}",
        "src={client} dst={ip} user={user} host={host} tries={restarts}",
        "hello, server {host} not go since {since}. I think is {process}. I restart {restarts} times. who have duty, {oncall}? {level}",
        "{value} now, {threshold} allowed, {check}, {host}",
    ],
    "Monitoring|ALERT|Hi team,|Status mail|INCIDENT|Automatic message|Nightly check|Ops channel",
    "Dashboards are on the wiki.|Do not silence this.|The runbook was updated.|Traffic is normal.|Backups ran fine.|The switch was replaced.|Please rotate the logs.|Mail queue is empty.",
    "-- the robot|Have a quiet night|End of alert|Regards, ops|You get this as a member of the team|Bye",
    order=(("since", "recovered"),),
    akin=(("level", "recovered"),),
)


def strength(s: Source) -> Value:
    n = -s.r.randint(30, 120)
    return Value(f"{n} dBm", str(n), INTEGER)


SENSOR = Kind(
    "sensor log",
    listed(
        C("device", shaped("SN-#####|TH@##|@@-##-@|node/##|ESP_####|probe-%#"), "device|sensor|device_id|sensor_id|node|probe|serial", "Which sensor|Identifier of the device", "Device|Sensor|Device ID|Node|Probe|S/N", "from sensor {}|The device is {}.|{} reports.|read from {}|probe {}|data of {}"),
        C("gateway", shaped("GW-###|gw%##|LORA-##|HUB-@#|@@##-GW"), "gateway|hub|via|received_by|base_station", "Gateway that received it|Hub", "Gateway|Hub|Via|Received by|Base", "via {}|The gateway is {}.|received by {}|through hub {}|{} passed it on"),
        C("site", made("Greenhouse|Cellar|Attic|Rooftop|Stable|Freezer|Silo|Boiler|Terrace|Nursery"), "site|location|place|room|zone", "Where the sensor is|Place of measurement", "Site|Location|Place|Zone|Room", "at {}|The sensor hangs in {}.|in {}|measured in {}|zone {}|location {}"),
        C("time", Source.moment, "measured_at|timestamp|time|taken_at|logged", "When it was measured|Time of the reading", "Time|Timestamp|Measured at|Taken|Logged", "measured {}|taken {}|logged {}|{} the values were read|at {}", {"date": ("date|day|measured_on", "Day of the reading"), "time": ("hour|clock_time|measured_hour", "Hour of the reading")}),
        C("inside", decimal(-5, 45, 1, "°C"), "temperature_inside|indoor_temperature|inside|temp_in|t_in", "Temperature inside|Indoor temperature", "Inside|Temp inside|T in|Indoor", "inside it is {}|indoors {}|The temperature inside is {}.|indoor temperature {}|{} inside"),
        C("outside", decimal(-25, 40, 1, "°C"), "temperature_outside|outdoor_temperature|outside|temp_out|t_out", "Temperature outside|Outdoor temperature", "Outside|Temp outside|T out|Outdoor", "outside it is {}|outdoors {}|The temperature outside is {}.|outdoor temperature {}|{} outside"),
        C("humidity", measure(10, 99, "%|% RH|percent"), "humidity|relative_humidity|rh|moisture_air", "Humidity of the air in percent", "Humidity|RH|Rel. humidity|Air humidity", "humidity {}|The air has {} humidity.|relative humidity of {}|at {} humidity|rh {}"),
        C("soil", measure(2, 80, "%|% vol|percent"), "soil_moisture|soil|ground_moisture|soil_water", "Moisture of the soil in percent", "Soil|Soil moisture|Ground|Soil water", "soil moisture {}|The soil has {}.|ground moisture is {}|the soil is at {}"),
        C("pressure", decimal(950, 1050, 1, "hPa"), "pressure|air_pressure|barometer|hpa", "Air pressure in hPa", "Pressure|Air pressure|Barometer|P", "The pressure is {}.|barometer {}|air pressure of {}|{} of pressure"),
        C("co2", measure(380, 2600, "ppm"), "co2|carbon_dioxide|co2_ppm|air_quality", "Carbon dioxide in ppm", "CO2|Carbon dioxide|CO₂|Air quality", "CO2 is {}.|carbon dioxide at {}|{} of CO2|a CO2 value of {}"),
        C("battery", measure(1, 100, "%|percent"), "battery|battery_level|charge|power_left", "Charge of the battery in percent", "Battery|Bat|Charge|Batt.", "battery at {}|The battery has {}.|{} of battery left|charge {}"),
        C("signal", strength, "signal|rssi|signal_strength|radio", "Strength of the radio signal in dBm", "Signal|RSSI|Radio|Strength", "signal {}|The RSSI is {}.|received with {}|radio at {}", rare=True),
        C("interval", measure(1, 120, "min|minutes"), "interval|every|sampling_interval|period|cycle", "Minutes between two readings", "Interval|Every|Cycle|Period", "every {}|The interval is {}.|a reading each {}|sampling period {}"),
        C("calibrated", Source.date, "calibrated|last_calibration|calibration_date|serviced", "When it was calibrated last", "Calibrated|Last calibration|Serviced|Cal. date", "calibrated on {}|The last calibration was {}.|serviced {}|calibration of {}"),
        C("state", one_of(["ok|faulty|offline", "good|error|no_signal"], ["The sensor works well.|All fine.|No faults.|Readings look good.|in order|plausible values", "The sensor is faulty.|The values cannot be right.|It needs repair.|defective|Readings jump wildly.|A fault was found.", "No signal.|It does not answer any more.|The sensor is offline.|Lost contact.|silent since then|nothing has been received"]), "state|status|health|condition", "How the sensor is|State of the device", "State|Status|Health"),
        C("alarm", yes_no("Alarm!|The alarm went off.|A limit was passed.|alarm active|It beeps.|The siren is on.", "No alarm.|Alarm off.|No limit was passed.|quiet, no alarm|within limits"), "alarm|alarm_active|is_alarm|alert", "Whether an alarm is on|True if a limit was passed", "Alarm|Alert"),
    ),
    [
        "{time} {device} in={inside} out={outside} rh={humidity} p={pressure} bat={battery}",
        "Sensor {device} ({site})\nTime: {time}\nInside: {inside}\nOutside: {outside}\nHumidity: {humidity}\nSoil moisture: {soil}\nCO2: {co2}\n{alarm}",
        "time,node,t_in,t_out,humidity,soil,battery\v{time},{device},{inside},{outside},{humidity},{soil},{battery}",
        '{"dev": "{device}", "gw": "{gateway}", "ts": "{time}", "t_in": "{inside}", "t_out": "{outside}", "rh": "{humidity}", "rssi": "{signal}", "bat": "{battery}"}',
        "the {site} is too warm again, {inside} while outside its {outside}. humidity {humidity}. {alarm} Sensor {device}, battery {battery} btw",
        "Service report: {device} at {site}, calibrated on {calibrated}. {state} Battery {battery}, signal {signal}. New interval: {interval}.",
        "Outdoors {outside}, indoors {inside}; the soil is at {soil} and the air at {humidity} humidity. Taken {time} at {site} by {device}.",
        "| site | in | out | RH | CO2 |\v| {site} | {inside} | {outside} | {humidity} | {co2} |\n{state}",
        "Daily mail of hub {gateway}: last reading {time}. {state} Pressure {pressure}, carbon dioxide {co2}. {alarm}",
        "{inside} in, {outside} out. {co2}. open a window! ({device})",
        "ALARM LOG\ndevice {device}\nvia {gateway}\nzone {site}\nevery {interval}\nhumidity {humidity}\nsoil {soil}\n{alarm}",
        "device: {device}\nsite: {site}\nstate: {state=}\nalarm: {alarm=}\ninside: {inside}\noutside: {outside}\nbattery: {battery}",
        "It was {outside} outdoors and {inside} indoors when {device} sent its last word, {time}. Soil {soil}, air {humidity}.",
        "The sensor {device} in {site} is show {inside} inside, but my thermometer show other. Last calibration was {calibrated}. {state}",
        "RH {humidity}  SOIL {soil}  CO2 {co2}  BAT {battery}  T1(in) {inside}  T2(out) {outside}  GW {gateway}",
        "{interval} between readings, {signal} of signal, {battery} of battery. {alarm}",
        "{time.date} {time.time} {device}: {pressure}, {co2}, {humidity}",
    ],
    "Sensor log|Readings|Telemetry|Hello,|STATUS|Daily values|Station report|Data export",
    "Firmware is up to date.|Values are not corrected.|The cable was replaced.|Spiders live in the box.|Clock is in local time.|Please water the plants.|The door was open for a while.|Logger restarted.",
    "end of log|EOF|Regards, the greenhouse|Next reading soon|-- auto --|over",
    akin=(("state", "alarm"),),
)

KINDS = [RELEASE, BUG, ALERT, SENSOR]

"""Books, films, objects of museums, lots of auctions."""

from values import Source

from kinds import Concept as C
from kinds import Kind, listed
from kinds.makers import composed, decimal, inline, member, shaped, whole
from kinds.parts import count, measure, money, yes_no

ADJ = "Silent|Last|Broken|Golden|Hidden|Long|Crooked|Borrowed|Winter|Distant|Burning|Forgotten|Second|Salt"
NOUN = "River|House|Garden|Letter|Clock|Harbour|Orchard|Mirror|Staircase|Summer|Widow|Bridge|Field|Violin"
TITLES = composed("The {a} {n}|{a} {n}|The {n} of {i}|{n} and {m}|A {n} in {c}|{i}'s {n}|Beyond the {n}|{i}|Seven {n}s|My {a} {n}|The {n} at {c}|No {n} for {i}", a=ADJ, n=NOUN, m=NOUN)

BOOK = Kind(
    "book record",
    listed(
        C("title", TITLES, "title|book_title|book|name|work", "What the book is called|Title of the work", "Title|Book|Work|Book title", "The book is called {}.|\"{}\" is the title.|I read {}.|the novel {}|entitled {}|You must read \"{}\"."),
        C("author", Source.person, "author|written_by|writer|creator|by", "Who wrote it|Author of the book", "Author|Written by|Writer|By|Creator", "written by {}|The author is {}.|{} wrote it.|by {}|a work of {}|from the pen of {}"),
        C("translator", Source.person, "translator|translated_by|translation", "Who translated it|Translator", "Translator|Translated by|Transl.|Translation", "translated by {}|{} translated it.|The translation is by {}.|in the version of {}|put into English by {}"),
        C("editor", Source.person, "editor|edited_by|series_editor|ed", "Who edited it|Editor", "Editor|Edited by|Ed.|Series editor", "edited by {}|The editor is {}.|{} is the editor|with an afterword by its editor {}", rare=True),
        C("publisher", Source.company, "publisher|publishing_house|imprint|published_by|house", "Publishing house|Who published it", "Publisher|Published by|Imprint|Publishing house|House", "published by {}|It came out with {}.|The publisher is {}.|{} brought it out.|imprint: {}"),
        C("year", whole(1890, 2026), "year|published|publication_year|year_of_publication|pub_year", "Year it came out|Year of publication", "Year|Published|Pub. year|Year of publication|©", "It came out in {}.|published {}|from the year {}|first edition {}|in {} it appeared"),
        C("pages", whole(48, 1200), "pages|page_count|number_of_pages|extent|length", "How many pages|Extent in pages", "Pages|Extent|No. of pages|pp.|Length", "It has {} pages.|{} pages|{} pp.|extent: {} pages|a brick of {} pages"),
        C("edition", count(1, 9), "edition|edition_number|ed_no|printing", "Which edition|Number of the edition", "Edition|Ed. no.|Printing|Auflage", "edition {}|this is edition {}|edition no. {}|printing {}"),
        C("isbn", shaped("978-#-##-######-#|979-##-###-####-#|978##########|978-#-####-####-#"), "isbn|isbn13|identifier|ean|isbn_number", "ISBN|Number of the book", "ISBN|ISBN-13|EAN|Identifier", "The ISBN is {}.|ISBN {}|order under {}|number {}|look for {}"),
        C("shelf", shaped("@@ ###|###.## @@|@-##-##|@@@ %#.#|R %###"), "call_number|shelf_mark|shelf|signature|location", "Where it stands|Shelf mark in the library", "Call number|Shelf mark|Shelf|Signature|Location", "It stands at {}.|shelf {}|call number {}|you find it under {}|shelf mark {}"),
        C("due", Source.date, "due|due_date|return_by|due_back|loan_until", "When it must be brought back|End of the loan", "Due|Due back|Return by|Due date|Loan until", "due back on {}|Please return it by {}.|on loan until {}|due {}|must be back {}"),
        C("borrower", Source.person, "borrower|reader|borrowed_by|patron|lent_to", "Who has borrowed it|Reader", "Borrower|Reader|Borrowed by|Patron|Lent to", "{} has borrowed it.|lent to {}|The reader is {}.|on the card of {}|{} has it at home"),
        C("price", money(4, 140), "price|cover_price|cost|retail_price|rrp", "What it costs|Price of the book", "Price|Cover price|RRP|Retail", "It costs {}.|{} in the shops|price {}|for {}|cover price {}"),
        C("language", member("English|German|French|Spanish|Polish|Swedish|Italian|Dutch"), "language|written_in|lang|original_language", "Language of the book|In which language", "Language|Lang.|Written in|Original language", "written in {}|The language is {}.|in {}|the text is {}"),
        C("genre", member("novel|poetry|biography|crime|history|science fiction|travel|cookbook|children"), "genre|category|kind|section|class", "Sort of book|Genre", "Genre|Category|Section|Class|Kind", "genre: {}|shelved under {}|filed as {}|belongs to {}"),
        C("available", yes_no("Available now.|It is on the shelf.|You can borrow it at once.|in stock|ready to be lent|A copy is free.", "On loan at the moment.|Not available.|It is out.|Someone else has it.|currently lent out|out of stock"), "available|in_stock|on_shelf|is_available", "Whether it can be had|True if on the shelf", "Available|On shelf"),
    ),
    [
        "Title: {title}\nAuthor: {author}\nTranslator: {translator}\nPublisher: {publisher}, {year}\nPages: {pages}\nISBN: {isbn}\nShelf mark: {shelf}",
        "{author}: {title}. Translated by {translator}. {publisher} {year}, {pages} pp. {price}. ISBN {isbn}.",
        "Dear {borrower},\n\"{title}\" by {author} is due back on {due}. Shelf mark {shelf}.\nYour library",
        "omg read {title} by {author}. {pages} pages and i finished in two days. library has it under {shelf}. {available}",
        "@book{x,\v  author = {{author}},\v  title = {{title}},\v  publisher = {{publisher}},\v  year = {{year}},\v  isbn = {{isbn}}\v}",
        "245 10 $a {title} $c {author}\n260 __ $b {publisher} $c {year}\n300 __ $a {pages} p.\n020 __ $a {isbn}\n700 1_ $a {translator} $e translator",
        "A new novel from {publisher}: \"{title}\", written by {author}, in the fine translation of {translator}. {pages} pages, {price}.",
        "{borrower} has {title} until {due}. {available} Edition {edition}.",
        "| Author | Title | Year | Pages | Price |\v| {author} | {title} | {year} | {pages} | {price} |",
        "Lending slip\nreader {borrower}\nwriter {author}\nwork {title}\nback by {due}\nclass {genre}\nlang {language}",
        '{"title": "{title}", "creators": [{"role": "author", "name": "{author}"}, {"role": "translator", "name": "{translator}"}], "published": {"by": "{publisher}", "year": {year}}, "extent": {pages}}',
        "{year} saw the publication of {title}. {author}, then unknown, was paid badly by {publisher}. Today the book costs {price}. {available}",
        "Do you stock {isbn}? It's {title}, edition {edition}, edited by {editor}, original in {language}.",
    ],
    "Library|New books|Catalogue|Book of the month|BIBLIOGRAPHIC RECORD|Dear reader,|Reading list|Hello,",
    "The cover is a bit worn.|It smells of old paper.|A reading is planned.|The margins are full of notes.|Please do not eat while reading.|Late fees apply.|The index is excellent.|Reviewers were divided.",
    "Happy reading|Your library|End of record|Regards|The bookshop|Please return on time",
)

FILM = Kind(
    "film record",
    listed(
        C("title", TITLES, "title|film|movie|film_title|name", "What the film is called|Title", "Title|Film|Movie|Film title", "The film is called {}.|we saw {}|\"{}\" is on tonight.|the movie {}|entitled {}|go and watch {}"),
        C("original", composed("{i} {j}|La {i}|Der {i}|O {i} de {j}|{i}|Il {i}|El {i} del {j}", j="Marno|Velta|Osso|Brun|Kala|Tessin|Noor"), "original_title|orig_title|foreign_title|native_title", "Title in the original language", "Original title|Orig. title|Original|O.T.", "The original title is {}.|originally {}|known at home as {}|in its own country it is {}", rare=True),
        C("director", Source.person, "director|directed_by|filmmaker|by", "Who directed it|Director", "Director|Directed by|Dir.|Filmmaker|A film by", "directed by {}|The director is {}.|{} directed it.|a film by {}|{} sat in the director's chair"),
        C("writer", Source.person, "writer|screenplay|written_by|script", "Who wrote the script|Screenwriter", "Writer|Screenplay|Written by|Script", "written by {}|The script is by {}.|{} wrote the screenplay.|from a script by {}"),
        C("composer", Source.person, "composer|music|score|music_by", "Who wrote the music|Composer", "Music|Composer|Score|Music by", "music by {}|{} composed the score.|The music is by {}.|with songs by {}"),
        C("cast", lambda s: s.series(s.several(lambda: s.person().text, 1, 4)), "cast|actors|starring|players", "Who plays in it|List of actors", "Cast|Starring|Actors|With|Players", "starring {}|with {}|The cast: {}|on screen: {}|played by {}"),
        C("year", whole(1925, 2026), "year|release_year|made_in|production_year", "Year of the film|When it was made", "Year|Release year|Made|Production year", "made in {}|a film of {}|from {}|The year is {}."),
        C("released", Source.date, "release_date|premiere|in_cinemas_from|opens|released", "When it comes to cinemas|Day of the premiere", "Release date|Premiere|In cinemas|Opens|Released", "in cinemas from {}|It opens on {}.|premiere on {}|released {}|{} is the first night"),
        C("runtime", measure(62, 220, "min|minutes|mins"), "runtime|duration|length|minutes|running_time", "Length in minutes|How long it is", "Runtime|Running time|Length|Duration|Mins", "It runs {}.|{} long|a length of {}|running time {}|over in {}"),
        C("rating", decimal(1, 9.9, 1), "rating|marks|stars|user_rating|grade", "How it was rated|Marks out of ten", "Rating|User rating|Marks|Grade|Users", "rated {} out of ten|it got {} from users|a rating of {}|{} / 10|scores {}"),
        C("age", member("all ages|6|12|16|18"), "age_rating|certificate|fsk|rated_for|age_limit", "From which age|Age certificate", "Age rating|Certificate|FSK|Age limit", "certificate: {}|age rating {}|passed for {}", rare=True),
        C("budget", money(10000, 90000000), "budget|production_cost|cost|made_for", "What it cost to make|Budget", "Budget|Production cost|Cost|Made for", "The budget was {}.|made for {}|it cost {} to make|produced with {}"),
        C("gross", money(10000, 90000000), "box_office|gross|revenue|takings|earned", "What it earned|Box office", "Box office|Gross|Revenue|Takings|Earned", "It earned {}.|box office of {}|grossed {}|taking {} worldwide|brought in {}"),
        C("country", member("France|Germany|Japan|Poland|Brazil|Sweden|India|Italy|Canada|Iran"), "country|origin|production_country|made_in_country", "Country of production|Where it comes from", "Country|Origin|Production country", "produced in {}|a film from {}|country: {}|made in {}"),
        C("subtitled", yes_no("Shown with subtitles.|Subtitled.|In the original with subtitles.|There are subtitles.|with English subtitles|Read along below the picture.", "Without subtitles.|No subtitles.|The film is dubbed, no subtitles.|Not subtitled.|shown without subtitles|nothing to read, it is dubbed"), "subtitles|subtitled|has_subtitles|with_subtitles", "Whether there are subtitles|True if subtitled", "Subtitles|Subtitled"),
    ),
    [
        "{title} ({year})\nDirector: {director}\nScreenplay: {writer}\nMusic: {composer}\nCast: {cast}\nRunning time: {runtime}\nIn cinemas: {released}",
        "just saw {title}!! {director} is a genius, music by {composer} too. {runtime} and not a second too long. {subtitled} I'd give it {rating}",
        "Now showing: \"{title}\", a film by {director} after a script by {writer}. Length {runtime}. {subtitled} Opens {released}. Certificate: {age}",
        "Budget ...... {budget}\nBox office .. {gross}\nDirector .... {director}\nWriter ...... {writer}\nCountry ..... {country}",
        "Made for {budget}, {title} grossed {gross}. Not bad for {director}, whose first script with {writer} failed in {year}.",
        "film;year;dir;script;score;min\v{title};{year};{director};{writer};{composer};{runtime}",
        "{director} directs, {writer} writes, {composer} conducts: {title}. From {country}. Rated {rating} out of ten.",
        '{"film": "{title}", "orig": "{original}", "year": {year}, "crew": {"director": "{director}", "writer": "{writer}", "composer": "{composer}"}, "length": "{runtime}"}',
        "Film club, next evening: {title} (original title {original}), {year}, {runtime}. Starring {cast}\n{subtitled}",
        "<movie><name>{title}</name><by>{director}</by><premiere>{released}</premiere><takings>{gross}</takings><cost>{budget}</cost></movie>",
        "> what's the film called with the music of {composer}?\n\n{title}! It's from {year}, {director} made it. {rating} on my list.",
    ],
    "Film of the week|Programme|Cinema|Now showing|FILM DATA|Hello film friends,|Movie night|Archive card",
    "Popcorn is half price.|Please switch off your phones.|The print is restored.|Seats are not numbered.|Critics loved it.|The sound is mono.|Bring a cushion.|There is a break in the middle.",
    "Enjoy the film|Your cinema|The End|See you in the dark|Regards|Curtain",
)

MUSEUM = Kind(
    "museum object",
    listed(
        C("object", composed("{a} {n}|{n} with {m}|{a} {n} from {c}|{n} of {i}|fragment of a {a} {n}|{n} showing {m}", a="painted|glazed|carved|engraved|gilded|woven|bronze-mounted|inlaid", n="vase|bowl|chest|mask|brooch|tapestry|lamp|statue|chair|helmet|flute|amulet", m="lions|two handles|a hunting scene|flowers|a kneeling figure|waves|a crown"), "object|title|item|name|designation|piece", "What the object is|Name of the piece", "Object|Title|Item|Designation|Piece", "The object is a {}.|a {}|We show a {}.|piece: {}|you are looking at the {}|catalogued as {}"),
        C("maker", Source.person, "artist|maker|creator|made_by|attributed_to|craftsman", "Who made it|Artist", "Artist|Maker|Creator|Made by|Attributed to", "made by {}|The artist is {}.|attributed to {}|a work of {}|{} is said to have made it|from the workshop of {}"),
        C("donor", Source.person, "donor|given_by|gift_of|bequest_of|source", "Who gave it to the museum|Donor", "Donor|Gift of|Given by|Bequest of|Credit line", "a gift of {}|donated by {}|{} left it to us.|bequest of {}|The donor was {}.|given by {}"),
        C("restorer", Source.person, "restorer|conservator|restored_by|treated_by", "Who restored it|Conservator", "Restorer|Conservator|Restored by|Treated by", "restored by {}|{} cleaned and mended it.|conservator: {}|in the hands of our restorer {}", rare=True),
        C("number", shaped("%###.##|Inv. ####|@@-%###|19##.%#.##|@ %####"), "inventory_number|accession_number|inv_no|number|object_id|catalogue_no", "Number in the inventory|Accession number", "Inventory no.|Accession no.|Inv. no.|Object ID|Cat. no.", "inventory {}|The number is {}.|registered as {}|accession {}|Look for {} in the case."),
        C("made", whole(1100, 1930), "year_made|date_made|created|year|made_in|dating", "Year of making|When it was made", "Made|Year made|Dating|Created|Dated", "made in {}|It dates from {}.|created around {}|from the year {}|the work of {} (year)"),
        C("acquired", whole(1880, 2025), "year_acquired|acquired|acquisition_year|in_museum_since|entered", "Year it came to the museum|Acquired when", "Acquired|In museum since|Acquisition year|Entered", "acquired in {}|in the museum since {}|We bought it in {}.|it came to us in {}|entered the collection in {}"),
        C("origin", Source.city, "origin|place_of_origin|found_in|made_at|provenance|from", "Where it comes from|Place of origin", "Origin|Place of origin|From|Found in|Made at", "It comes from {}.|found in {}|made in {}|originating from {}|The place of origin is {}."),
        C("height", decimal(2, 240, 1, "cm|cm|cm"), "height|height_cm|h|tall", "Height of the object", "Height|H|H.|Height (cm)", "height {}|It is {} high.|{} tall|stands {}|h {}"),
        C("width", decimal(2, 240, 1, "cm|cm|cm"), "width|width_cm|w|wide|breadth", "Width of the object", "Width|W|W.|Width (cm)", "width {}|It is {} wide.|{} across|measures {} in width|w {}"),
        C("weight", measure(20, 9000, "g|g|kg"), "weight|mass|weighs", "Weight of the object", "Weight|Wt|Mass", "weighs {}|The weight is {}.|{} heavy|mass {}"),
        C("material", inline("bronze|silver|terracotta|oak|ivory|marble|linen|glass|enamel|copper|jade|leather", 1, 3), "material|materials|made_of|medium|technique", "What it is made of|List of materials", "Material|Materials|Made of|Medium", "made of {}|The material: {}|{} was used|medium: {}|of {}"),
        C("gallery", shaped("%##|Hall %|@%|Room %#|G-%#"), "gallery|room|hall|display|case", "Where it is shown|Room in the museum", "Gallery|Room|Hall|Display|Shown in", "shown in {}|You find it in {}.|on display: {}|in gallery {}|stands in {}"),
        C("shown", yes_no("On display.|It can be seen by visitors.|shown in the permanent exhibition|Currently exhibited.|visitors can admire it|in the open showcase", "Not on display.|It rests in storage.|kept in the depot|Cannot be seen at present.|not exhibited|locked away in the store"), "on_display|on_view|exhibited|is_shown|displayed", "Whether it can be seen|True if exhibited", "On display|On view"),
    ),
    [
        "{object}\n{maker}, {made}\n{material}\nH {height}, W {width}\nInv. no. {number}\nGift of {donor}, {acquired}",
        "OBJECT CARD\nDesignation: {object}\nMaker: {maker}\nPlace of origin: {origin}\nDated: {made}\nAcquired: {acquired}\nDonor: {donor}\nHeight: {height}\nWidth: {width}\n{shown}",
        "The {object} was made by {maker} in {made} and found in {origin}. {donor} gave it to the museum in {acquired}. It is {height} high and {width} wide. {shown}",
        "inv;piece;artist;made;acquired;h;w\v{number};{object};{maker};{made};{acquired};{height};{width}",
        "hi, visitor asked about the {object} in {gallery}. label says {maker} but i think it's only attributed. number {number}. {shown}",
        "Loan request for {number}: {object}, {origin}, {made}. Weight {weight}. It was restored by {restorer}. {shown}",
        "A gift of {donor}, the {object} ({made}) is our pride. {maker} worked on it for years. See it in {gallery}!",
        '{"id": "{number}", "title": "{object}", "artist": "{maker}", "dating": {made}, "acquired": {acquired}, "dimensions": {"h": "{height}", "w": "{width}"}, "credit": "{donor}"}',
        "In {acquired} the museum received from {donor} what {maker} had finished in {made}: {object}. Today it stands in {gallery}.",
        "width {width}\nheight {height}\nweight {weight}\nmade of {material}\nconservator {restorer}\nobject {object}",
        "AUDIO GUIDE 12. Stop here. In front of you: the {object}. {height} tall, from {origin}. Nobody but {maker} could do this in {made}.",
    ],
    "Collection|Object of the month|Museum guide|Inventory|CATALOGUE CARD|Dear colleague,|Exhibition label|From the depot",
    "Please do not touch.|The light is kept low.|Photographs without flash are fine.|The label is being rewritten.|A crack runs along the base.|The cloakroom is free.|Climate: constant.|Children love it.",
    "Museum shop to the right|End of card|Kind regards|The curators|Thank you for visiting|Checked",
)

AUCTION = Kind(
    "auction lot",
    listed(
        C("lot", whole(1, 990), "lot|lot_number|lot_no|number", "Number of the lot|Which lot", "Lot|Lot no.|Lot number|No.", "Lot {}.|This is lot {}.|lot number {}|under number {}|called up as {}"),
        C("item", composed("{a} {n}|pair of {a} {n}s|{n} by {p}|{a} {n} with case|set of six {n}s|{n} from {c}", a="Victorian|walnut|Art Deco|silver|signed|oriental|gilt|Swiss|early", n="clock|chair|teapot|carpet|mirror|ring|violin|map|lamp|portrait|cabinet|medal"), "item|description|object|title|what|article", "What is sold|Description of the lot", "Item|Description|Object|Article|Piece", "For sale: {}.|The lot is a {}.|a fine {}|up now: {}|described as {}|{} goes under the hammer."),
        C("house", Source.company, "auction_house|house|auctioneer|sold_by|organiser|firm", "Who holds the auction|Auction house", "Auction house|House|Auctioneers|Organiser|Sale by", "at {}|auctioned by {}|The house is {}.|{} holds the sale|sold through {}"),
        C("seller", Source.person, "consignor|seller|owner|vendor|from_the_estate_of", "Who sells it|Consignor", "Consignor|Seller|Vendor|Owner|Property of", "consigned by {}|The seller is {}.|property of {}|from the estate of {}|{} parts with it"),
        C("buyer", Source.person, "buyer|sold_to|winning_bidder|bidder|purchaser", "Who bought it|Winning bidder", "Buyer|Sold to|Winning bidder|Purchaser|Bidder", "sold to {}|{} won.|The buyer is {}.|the highest bidder was {}|going to {}|knocked down to {}"),
        C("start", money(20, 20000), "starting_price|opening_bid|start|starting_bid|minimum", "First bid|Price the bidding starts at", "Starting price|Opening bid|Start|Starting bid|Minimum", "Bidding starts at {}.|opening bid {}|starting price {}|from {} upwards|called at {}"),
        C("estimate", money(50, 60000), "estimate|estimated_value|expected_price|valuation|guide_price", "What it is thought to be worth|Estimate", "Estimate|Valuation|Guide price|Estimated value|Est.", "estimated at {}|The estimate is {}.|valued at {}|experts think {}|guide price {}"),
        C("hammer", money(50, 90000), "hammer_price|sold_for|winning_bid|final_price|realised", "Price at the fall of the hammer|Winning bid", "Hammer price|Sold for|Winning bid|Final price|Realised", "sold for {}|The hammer fell at {}.|final bid {}|{} won the day|it brought {}|realised {}"),
        C("reserve", money(50, 30000), "reserve|reserve_price|limit|lowest_accepted", "Lowest price the seller takes|Reserve", "Reserve|Reserve price|Limit", "The reserve is {}.|not below {}|limit {}|reserve price of {}", rare=True),
        C("premium", measure(10, 30, "%|%|percent"), "buyers_premium|premium|commission|surcharge", "Surcharge for the buyer in percent", "Buyer's premium|Premium|Surcharge|Commission", "plus {} premium|a premium of {}|buyer's premium {}|{} are added"),
        C("sale", Source.moment, "sale_date|auction_date|sale|auction_time|hammer_time", "When the sale takes place|Date and time of the auction", "Sale|Auction date|Sale date|Auction|Under the hammer", "The sale is {}.|auction {}|{} the bidding opens|under the hammer {}|sold {}"),
        C("viewing", Source.date, "viewing|preview|viewing_day|can_be_seen_on|preview_date", "When it can be looked at|Day of the preview", "Viewing|Preview|Viewing day|On view", "viewing on {}|It can be seen on {}.|preview {}|come and look on {}"),
        C("bids", count(1, 60), "bids|number_of_bids|bid_count|offers", "How many bids|Number of bids", "Bids|No. of bids|Bid count|Offers", "after {} bids|{} bids were made|There were {} bids.|number of offers: {}"),
        C("sold", yes_no("Sold!|It was sold.|The hammer fell.|The lot found a buyer.|gone to a new owner|going, going, gone", "Unsold.|It went back to the owner.|Not sold.|No buyer was found.|bought in|nobody wanted it"), "sold|is_sold|found_buyer|was_sold", "Whether it was sold|True if it found a buyer", "Sold|Sold?"),
    ),
    [
        "LOT {lot}\n{item}\nProperty of {seller}\nEstimate: {estimate}\nStarting price: {start}\nSale: {sale}\n{house}",
        "Results, {house}\nlot {lot} - {item}\nopening bid {start}\nestimate {estimate}\nhammer price {hammer}\nbuyer {buyer}\nbids {bids}",
        "{item} (lot {lot}), estimated at {estimate}, started at {start} and sold for {hammer} to {buyer}. Buyer's premium {premium}.",
        "omg mum, grandma's {item} brought {hammer}!! they thought {estimate}. {buyer} got it after {bids} bids. {house} is nuts",
        "lot;object;start;estimate;hammer;to\v{lot};{item};{start};{estimate};{hammer};{buyer}",
        "Dear {seller},\nyour {item} will be called up as lot {lot}, {sale}. We propose an estimate of {estimate} and a reserve of {reserve}. Viewing: {viewing}.\n{house}",
        "{hammer}! {buyer} outbid everyone. The lot, a {item}, had been consigned by {seller} with a limit of {reserve}. {sold}",
        "{viewing} viewing\n{sale} sale\nlot {lot}: {item}\nfrom {start}, est. {estimate}",
        "> what did lot {lot} make?\n\n{hammer}, plus {premium}. It had started at {start}. {sold} The underbidder gave up after {bids} bids.",
        '{"lot": {lot}, "title": "{item}", "consignor": "{seller}", "winner": "{buyer}", "prices": {"start": "{start}", "estimate": "{estimate}", "hammer": "{hammer}"}, "sale": "{sale}"}',
        "Invoice to the buyer {buyer}: lot {lot}, {item}. Hammer price {hammer}. Premium {premium}. Pay within ten days to {house}.",
    ],
    "Auction|Catalogue|Lot of the day|Results|FINE ART SALE|Dear bidder,|Going under the hammer|Hello,",
    "Sold as seen.|Bids by phone are welcome.|Shipping is up to the buyer.|Paddles at the entrance.|A small chip at the rim.|With original papers.|Condition reports on request.|The room was full.",
    "Good luck!|The auctioneers|Terms apply|Kind regards|Payment in ten days|Next lot, please",
)

KINDS = [BOOK, FILM, MUSEUM, AUCTION]

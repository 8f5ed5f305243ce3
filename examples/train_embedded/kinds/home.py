"""Leases, homes for sale, recipes, products."""

from values import Source

from kinds import Concept as C
from kinds import Kind, listed
from kinds.parts import MONEY_PARTS, code, count, measure, money, one_of, phrase, several, yes_no

LEASE = Kind(
    "lease",
    listed(
        C("tenant", Source.person, "tenant|lessee|renter|tenant_name|occupant", "Who rents the place|Name of the tenant|Person moving in", "Tenant|Lessee|Renter|Tenant name", "{} rents the flat.|The tenant is {}.|It is let to {}.|{} will move in.|{} (hereinafter \"the Tenant\")|we let it to {}"),
        C("landlord", lambda s: s.person() if s.chance(0.6) else s.company(), "landlord|lessor|owner|landlord_name|let_by", "Who lets the place|Owner of the home|The letting party", "Landlord|Lessor|Owner|Let by", "{} owns the place.|The landlord is {}.|It belongs to {}.|{} as landlord|{} (\"the Landlord\")|rent goes to {}"),
        C("address", Source.address, "address|property|premises|location|property_address|where", "Address of the home|Where it is|Premises that are let", "Address|Premises|Property|Object|Flat", "The flat is at {}.|The premises are located at {}.|It is about {}.|living at {}|the property {}|Situated in {}."),
        C("rent", money(300, 4000), "rent|monthly_rent|rent_per_month|amount|rent_amount", "Rent per month|What has to be paid each month|Monthly payment", "Rent|Monthly rent|Rent per month|Rent (cold)", "The rent is {} per month.|{} monthly|They pay {} a month.|Rent of {} is due on the first.|for {} each month|at a monthly rent of {}", MONEY_PARTS),
        C("deposit", money(300, 9000), "deposit|security_deposit|bond|caution", "Money left as security|Security deposit|Deposit paid", "Deposit|Security deposit|Bond", "A deposit of {} is paid before moving in.|The deposit is {}.|{} as security|we hold {} as deposit|plus {} deposit|The bond comes to {}.", {"currency": ("deposit_currency", "Currency of the deposit")}),
        C("starts", Source.date, "starts|start|start_date|begins|from_date|move_in|commences", "First day of the lease|When it begins|Day of moving in", "Start|From|Begin|Start of lease|Move-in", "It begins on {}.|The lease starts {}.|moving in on {}|from {} on|with effect from {}|commencing {}"),
        C("ends", Source.date, "ends|end|end_date|until|expires|to_date|last_day", "Last day of the lease|When it ends|End of the term", "End|Until|To|Expires", "It ends on {}.|The lease runs until {}.|out by {}|until {}|terminating {}|fixed until {}"),
        C("rooms", count(1, 8), "rooms|room_count|number_of_rooms|n_rooms", "How many rooms|Number of rooms", "Rooms|No. of rooms", "It has {} rooms.|{} rooms in all|a flat of {} rooms|There are {} rooms."),
        C("area", measure(18, 240, "m²|sqm|sq m|square metres|m2"), "area|size|living_area|square_metres|floor_area|sqm", "Floor area|Size of the home in square metres|How big it is", "Area|Size|Living area|Floor space", "It measures {}.|{} of living space|about {} in size|The flat has {}."),
        C("notice", phrase("three months|four weeks|one month|two months|6 weeks|90 days|30 days|half a year|two weeks|60 days|eight weeks|six months|14 days|a full month|a quarter|one year"), "notice_period|notice|notice_time|termination_notice", "How long before leaving one has to say so|Notice period", "Notice period|Notice|Termination", "Either side may end it with {} notice.|The notice period is {}.|{} notice|with a notice of {}"),
        C("pets", yes_no("Pets are welcome.|Cats and dogs are allowed.|Pets permitted.|You may keep a pet.|A dog is no problem.", "No pets.|Pets are not allowed.|Animals can not be kept.|Sorry, no dogs.|Keeping animals is prohibited."), "pets_allowed|pets|animals_allowed|pets_permitted", "Whether animals may be kept|Pets are allowed", "Pets|Pets allowed"),
        C("furnished", yes_no("The flat is furnished.|It comes with all furniture.|Furniture included.|fully furnished", "It is unfurnished.|It comes empty.|No furniture is included.|unfurnished"), "furnished|is_furnished|with_furniture", "Whether furniture is included|Comes with furniture", "Furnished"),
    ),
    [
        "RESIDENTIAL LEASE\n\nThis agreement is made between {landlord} (\"Landlord\") and {tenant} (\"Tenant\").\n\n1. Premises: {address}\n2. Term: {starts} to {ends}\n3. Rent: {rent} per month, payable on the first\n4. Deposit: {deposit}\n5. {pets}",
        "Hi {tenant},\n\ngreat news, the flat is yours! {address}, from {starts}. The rent is {rent} a month and I need a deposit of {deposit} before you get the keys. {pets} {furnished}\n\nSee you\n{landlord}",
        "TO LET: {rooms} rooms, {area}, {address}. Rent {rent}/month, deposit {deposit}. {furnished} {pets} Free from {starts}. Call {landlord}.",
        "Summary of your tenancy\nTenant ..... {tenant}\nOwner ..... {landlord}\nObject ..... {address}\nBegin ..... {starts}\nEnd ..... {ends}\nRent ..... {rent}\nNotice ..... {notice}",
        "{landlord} lets {tenant} the apartment at {address} ({area}, {rooms} rooms). The lease starts on {starts} and can be ended with {notice} notice. {tenant} pays {rent} per month and has left {deposit} as security.",
        "Dear {landlord},\nI confirm that I will give back the keys of {address} on {ends}. Please return my deposit ({deposit}).\nKind regards\n{tenant}",
    ],
    "Dear Sir or Madam,|Hello,|Lease agreement|TENANCY AGREEMENT|Hi both,|Rental contract - copy",
    "Heating and water are paid separately.|The stairs are cleaned weekly.|Bicycles go into the yard.|Smoking is not permitted in the stairwell.|The keys are handed over in person.|Both parties have read the house rules.|The walls were painted last spring.|The neighbours are quiet people.|Please be careful with the parquet.",
    "Signed in two copies.|Best regards|Place, date, signature|This contract is governed by local law.|Thank you|Kind regards",
)

ESTATE = Kind(
    "real estate",
    listed(
        C("type", one_of(["house|apartment|villa|studio|farm", "House|Flat|Villa|Studio|Farmhouse", "detached_house|apartment|villa|studio|farm"],
          ["Detached house with a garden.|A family house in a calm street.|This charming house has it all.|House for sale!", "Bright apartment on the second floor.|A flat with a balcony.|Apartment in the centre.|This flat is for you.", "A villa above the lake.|Villa with pool.|Grand villa, newly restored.", "Compact studio for one.|A studio near the university.|Small studio, big window.", "Old farm with barns.|A farmhouse with land.|Working farm for sale."]), "type|property_type|kind|category|home_type", "Kind of property|What is offered", "Type|Property type|Object"),
        C("address", lambda s: s.address() if s.chance(0.5) else s.city(), "address|location|place|where|town|situated_in", "Where it is|Address of the property|Town or address", "Location|Address|Where|Place", "It is located in {}.|You find it at {}.|in {}|The address is {}.|Set in {}.|{} is where you will live."),
        C("price", money(60000, 2000000), "price|asking_price|purchase_price|cost|sale_price", "Asking price|What it costs|Price of the property", "Price|Asking price|Purchase price|Offers over", "The asking price is {}.|Yours for {}.|It costs {}.|priced at {}|We ask {}.|offers from {} please", MONEY_PARTS),
        C("bedrooms", count(1, 8), "bedrooms|beds|bedroom_count|number_of_bedrooms|n_bedrooms", "Number of bedrooms|How many bedrooms", "Bedrooms|Beds", "It has {} bedrooms.|{} bedrooms|with {} bedrooms upstairs|There are {} bedrooms."),
        C("bathrooms", count(1, 4), "bathrooms|baths|bathroom_count|n_bathrooms", "Number of bathrooms|How many bathrooms", "Bathrooms|Baths", "{} bathrooms|plus {} bathrooms|There are {} bathrooms.|It has {} bathrooms."),
        C("area", measure(20, 600, "m²|sqm|sq ft|square metres|square feet|m2"), "area|size|living_area|floor_area|living_space", "Living area|How large it is|Size of the home", "Area|Living area|Size|Floor area", "{} of living space|It offers {}.|living area {}|a generous {}"),
        C("plot", measure(100, 9000, "m²|sqm|square metres|sq ft"), "plot|plot_size|land|lot_size|land_area", "Size of the land|How large the plot is", "Plot|Land|Plot size|Lot", "on a plot of {}|The garden measures {}.|with {} of land|The land is {}."),
        C("built", lambda s: s.integer(1880, 2025), "year_built|built|construction_year|built_in|year", "Year of construction|When it was built", "Built|Year built|Year of construction", "It was built in {}.|Built {}.|a building from {}|dating from {}"),
        C("agent", lambda s: s.person() if s.chance(0.5) else s.company(), "agent|broker|contact|estate_agent|offered_by|realtor", "Who sells it|Estate agent|Person to contact", "Agent|Broker|Contact|Offered by", "Call {} for a visit.|Offered by {}.|Contact {}.|{} will show you around.|Your agent: {}|visits through {}"),
        C("phone", Source.phone, "phone|phone_number|telephone|contact_phone", "Number to call|Phone of the agent", "Phone|Tel|Call", "Call {}.|Tel. {}|ring {}|phone {}", rare=True),
        C("features", several("balcony|garage|fireplace|sauna|wine cellar|solar panels|fitted kitchen|pool|roof terrace|lift|underfloor heating|parking space|garden shed|sea view|walk-in closet|wood stove|two terraces|a guest room|new windows|heat pump|a carport|oak floors|an attic|a workshop|fruit trees|fast internet|an open kitchen|smart home system|a well|laundry room|alarm system|bay windows|a greenhouse|barrier-free access|a cellar bar"), "features|amenities|extras|highlights|equipment", "What it offers|List of extras|Special features", "Features|Amenities|Extras|Highlights", "It comes with {}.|Highlights: {}|You will love {}.|Extras: {}|equipped with {}"),
        C("garage", yes_no("A garage is included.|Garage for two cars.|with garage", "There is no garage.|No parking on site.|without garage"), "garage|has_garage|parking", "Whether there is a garage|Has a garage", "Garage"),
    ),
    [
        "FOR SALE\n{type}\n{address}\n\n{bedrooms} bedrooms, {bathrooms} bathrooms, {area}\nBuilt {built}\nPrice: {price}\n\n{features}\nAgent: {agent}, {phone}",
        "{type} It is in {address}, was built in {built} and has {bedrooms} bedrooms on {area}. The asking price is {price}. {garage} Interested? Contact {agent}.",
        "{price} - {address} - {bedrooms} bed / {bathrooms} bath - {area} - plot {plot} - call {agent} {phone}",
        "Dear buyer,\n{agent} is pleased to present this property in {address}. {type} Living area {area} on a plot of {plot}. Extras: {features}. It can be yours for {price}.",
        "| Price | {price} |\n| Location | {address} |\n| Bedrooms | {bedrooms} |\n| Size | {area} |\n| Year | {built} |\n| Contact | {agent} |",
        "New on the market!! {type} {address}. You get {bedrooms} bedrooms, {features}. {garage} Only {price}. {agent}",
    ],
    "New listing|FOR SALE|Just listed!|Open house this weekend|Dream home alert|Dear customer,",
    "The school is around the corner.|Shops and trains are in walking distance.|The roof was done recently.|A rare chance.|The view is breathtaking.|Quiet neighbours on both sides.|Energy certificate available.|Viewings by appointment only.|The cellar is dry.",
    "No commission for the buyer.|All information without guarantee.|Call now!|We look forward to your visit.|Subject to contract.|Visits on weekends.",
)

INGREDIENTS = "200 g flour|3 eggs|1 onion|two cloves of garlic|a pinch of salt|500 ml milk|olive oil|1 tsp cumin|100 g butter|basil|2 cups of rice|1 can of chickpeas|half a lemon|300 g beef|4 tomatoes|sugar|a bunch of parsley|1 tbsp soy sauce|250 g ricotta|black pepper|1 l stock|a handful of walnuts|2 carrots|a stick of cinnamon|250 g mushrooms|4 potatoes|a splash of vinegar|1 tbsp honey|150 g sugar|a tin of coconut milk|1 lime|500 g minced meat|a glass of white wine|dried yeast|3 leeks|200 g feta|fresh ginger|400 g spaghetti|two bay leaves|a knob of butter|1 aubergine|75 g raisins|baking powder|6 sausages|half a cucumber|paprika|200 ml cream|1 red pepper|a sprig of rosemary|300 g lentils|vanilla sugar|1 cabbage|oats|3 apples"
RECIPE = Kind(
    "recipe",
    listed(
        C("name", phrase("lentil soup|apple pie|mushroom risotto|chicken curry|pancakes|beetroot salad|fish stew|banana bread|lasagne|pumpkin gnocchi|goulash|falafel|cheese cake|ramen|shakshuka|potato gratin|tomato soup|chocolate cake|vegetable stew|spaghetti with clams|plum dumplings|bean chili|spinach quiche|rye bread|fried rice|meatballs|paella|carrot cake|cheese fondue|stuffed peppers|chicken soup|waffles|onion tart|tabbouleh|roast lamb|lemon bars|borscht|dal|moussaka|gazpacho|cinnamon rolls|pasta salad|sweet potato curry|scones|fish pie|kimchi pancakes|rice pudding|pear crumble"), "name|title|dish|recipe|recipe_name|dish_name", "Name of the dish|What is cooked|Title of the recipe", "Recipe|Dish|Name|Title", "Today we make {}.|This is my {}.|How to cook {}|grandma's {}|Try this {}!|{} - the recipe"),
        C("servings", count(1, 12), "servings|serves|portions|people|yield", "For how many people|Number of portions|How many it serves", "Serves|Servings|Portions|For", "It serves {}.|enough for {} people|makes {} portions|for {} persons|Serves {}."),
        C("prep", measure(5, 60, "min|minutes|mins"), "prep_minutes|prep_time|preparation_minutes|preparation_time", "Minutes of preparation|How long the preparation takes", "Prep|Prep time|Preparation", "Preparation takes {}.|{} of prep|You need {} to prepare it.|prep {}"),
        C("cook", measure(5, 180, "min|minutes|mins"), "cook_minutes|cooking_time|cook_time|baking_time|minutes_in_oven", "Minutes of cooking|How long it cooks|Time in the oven", "Cook|Cooking time|Cook time|Baking time", "Cook it for {}.|It takes {} in the oven.|Bake for {}.|simmer for {}|then {} of cooking"),
        C("temperature", measure(120, 250, "°C|degrees|C|degrees Celsius|°"), "temperature|oven_temperature|oven|heat|degrees", "Oven temperature|How hot the oven is", "Oven|Temperature|Heat", "Heat the oven to {}.|at {}|Bake at {}.|the oven should have {}"),
        C("ingredients", several(INGREDIENTS, 2, 6), "ingredients|items|what_you_need|shopping_list", "What goes in|List of ingredients|What has to be bought", "Ingredients|You need|Ingredients needed", "You need {}.|Ingredients: {}|Take {}.|It is made with {}.|Buy {}."),
        C("difficulty", one_of(["easy|medium|hard", "simple|intermediate|advanced", "beginner|medium|expert"], ["A child can do it.|It is really easy.|Nothing can go wrong here.|Super simple!", "It needs a little practice.|Not hard but not trivial either.|Some experience helps.|of medium difficulty", "This one is tricky.|Only for ambitious cooks.|It is a hard one.|You need patience and skill."]), "difficulty|level|skill|how_hard", "How hard it is|Level of difficulty", "Difficulty|Level"),
        C("vegetarian", yes_no("No meat in it.|It is vegetarian.|Good for vegetarians.|meat-free", "It is not vegetarian.|Contains meat.|Not for vegetarians."), "vegetarian|is_vegetarian|meatless|veggie", "Whether it is without meat|Suitable for vegetarians", "Vegetarian"),
        C("author", Source.person, "author|cook|by|chef|submitted_by", "Who wrote the recipe|Name of the cook", "By|From|Author|Chef|Cook", "A recipe by {}.|{} taught me this.|from the kitchen of {}|{} cooks it every Sunday.|submitted by {}"),
        C("cuisine", phrase("Italian|Mexican|Indian|French|Japanese|Thai|Greek|Lebanese|Polish|Moroccan|Korean|Spanish|Turkish|Vietnamese|Ethiopian|Peruvian|Hungarian|Portuguese|Georgian|Swedish|British|Persian|Chinese|Brazilian|Cajun|Bavarian"), "cuisine|origin|style|kitchen", "Which kitchen it comes from|Cuisine", "Cuisine|Style|Origin", "It is {} food.|a {} classic|typically {}|{} cuisine"),
        C("calories", measure(90, 1200, "kcal|calories|cal"), "calories|kcal|energy|calories_per_serving", "Energy of a portion|Calories per serving", "Calories|Energy|Per serving", "{} per portion|It has {}.|about {} each|One portion has {}.", rare=True),
    ),
    [
        "{name}\n\nServes {servings}\nPrep: {prep}\nCook: {cook}\n\nIngredients\n{ingredients}\n\nHeat the oven to {temperature}. {difficulty}\n\n{author}",
        "My {name} for {servings} people. You need {ingredients}. Bake at {temperature} for {cook}. {vegetarian} {difficulty}",
        "# {name}\n*by {author}* | {cuisine} | {servings} servings | {prep} prep + {cook}\n\n{ingredients}\n\n{vegetarian}",
        "hey! here's the {name} you asked about. it's from {author}. {difficulty} takes {prep} to prepare and {cook} in the oven at {temperature}. {vegetarian} enough for {servings}",
        "Recipe: {name}\nCuisine: {cuisine}\nServings: {servings}\nDifficulty: {difficulty}\nCalories: {calories}\n{ingredients}",
        "{author} shares: {name}. {difficulty} Take {ingredients}, mix, wait, bake for {cook}.",
    ],
    "Hi foodies,|Enjoy!|From my kitchen|Recipe of the week|Dear all,|So good!",
    "Stir from time to time.|Let it rest before serving.|It tastes even better the next day.|Use a big pot.|Do not forget to taste.|My children love it.|Serve with bread.|Season well.|You can freeze the rest.",
    "Enjoy your meal!|Bon appetit|Guten Appetit|Let me know how it went.|Print this recipe|Rate this recipe",
)

PRODUCT = Kind(
    "product",
    listed(
        C("name", Source.thing, "name|product|product_name|title|model|article", "Name of the product|What is sold|Model name", "Product|Model|Name|Article", "Meet the {}.|The {} is here.|Introducing {}|our new {}|This is the {}.|say hello to {}"),
        C("brand", lambda s: s.company() if s.chance(0.5) else phrase("Norvik|Altana|Pexo|Lumio|Karst|Veloria|Homewell|Tritonic|Bergland|Casavita|Nordlicht|Halden|Solano|Ultrex|Mirabel|Kestrel|Fabrik 9|Oakline|Zentro|Pinnacle")(s), "brand|manufacturer|maker|producer|company|made_by", "Who makes it|Manufacturer|Brand name", "Brand|Manufacturer|Maker|By", "made by {}|{} builds it.|from {}|a product of {}|The manufacturer is {}."),
        C("price", money(4, 3000), "price|cost|retail_price|amount|list_price|price_each", "What it costs|Selling price|Price in the shop", "Price|RRP|Now|Cost|Retail price", "It costs {}.|for only {}|Get it for {}.|priced at {}|yours for {}|retails at {}", MONEY_PARTS),
        C("weight", measure(0.1, 40, "kg|kilos|lbs", False), "weight|weight_kg|mass|heavy", "How heavy it is|Weight", "Weight|Net weight|Mass", "It weighs {}.|at just {}|{} light|with a weight of {}"),
        C("color", phrase("black|white|navy blue|olive|red|silver|anthracite|sand|turquoise|dark green|yellow|rose|brown|light blue|cream|graphite|orange|mint green|burgundy|gold|matt black|purple|beige|copper|stainless steel|pale pink"), "color|colour|finish|available_color", "Colour|Colour of the product", "Color|Colour|Finish", "It comes in {}.|the {} edition|in {}|The colour is {}."),
        C("battery", measure(2, 90, "hours|h|hrs"), "battery_hours|battery_life|battery|runtime", "How long the battery lasts|Battery life in hours", "Battery|Battery life|Runtime", "The battery lasts {}.|{} of battery life|runs for {}|up to {} without charging"),
        C("warranty", measure(1, 10, "years|yrs|year"), "warranty_years|warranty|guarantee|guarantee_years", "Years of warranty|How long the warranty is", "Warranty|Guarantee", "You get {} of warranty.|{} guarantee|with a {} warranty|covered for {}"),
        C("sku", code("SKU", "ART", "P"), "sku|article_number|item_number|product_code|part_number|ean", "Article number|Code of the product|Stock number", "SKU|Article no.|Item no.|Part number|Art.-Nr.", "article {}|order it under {}|The item number is {}.|SKU {}|listed as {}"),
        C("released", Source.date, "released|release_date|available_from|launch_date|launched", "When it comes out|First day of sale", "Release|Available from|Launch|On sale", "In shops from {}.|launches on {}|available {}|It comes out on {}."),
        C("stock", one_of(["in stock|sold out|preorder", "available|unavailable|preorder", "yes|no|soon"], ["Available now.|In stock, ships today.|Ready to ship.|We have plenty.", "Sold out.|Currently unavailable.|Out of stock, sorry.|There is none left.", "Pre-order now.|Available for preorder.|Reserve yours today, it ships later."]), "availability|stock|stock_status|in_stock", "Whether it can be bought|Availability", "Availability|Stock"),
        C("features", several("waterproof|noise cancelling|fast charging|foldable|dishwasher safe|voice control|GPS|touch screen|two speeds|auto shut-off|anti-slip feet|removable cover|LED light|USB-C|three heat settings|a memory function|splash-proof|Bluetooth|a timer|two compartments|remote control|child lock|energy saving mode|quick release|solar cell|wireless charging|reflective strips|a carrying strap|adjustable height|night mode|a spare blade|ten programmes|heat-resistant handle"), "features|highlights|functions|properties", "What it can do|List of features", "Features|Highlights|Functions", "It is {}.|Features: {}|You get {}.|Among its features are {}."),
        C("dimensions", lambda s: phrase(f"{s.r.randint(5, 90)} x {s.r.randint(5, 90)} x {s.r.randint(2, 60)} cm|{s.r.randint(50, 900)} × {s.r.randint(50, 900)} mm")(s), "dimensions|size|measurements", "Outer measures|How big it is", "Dimensions|Size|Measures (W x D x H)", "It measures {}.|at {}|Its size is {}."),
    ),
    [
        "{name} by {brand}\n\n{features}\n\nColour: {color}\nWeight: {weight}\nBattery: {battery}\nWarranty: {warranty}\n\n{price}\n{stock} Item no. {sku}",
        "The {name} weighs only {weight} and its battery lasts {battery}. {brand} gives a warranty of {warranty}. It costs {price} and comes in {color}. {stock}",
        "Specifications\n| Model | {name} |\n| Maker | {brand} |\n| Size | {dimensions} |\n| Weight | {weight} |\n| Price | {price} |",
        "{brand} announced the {name} today. It will be in shops from {released} for {price}. Among its features are {features}.",
        "NEW: {name} ({sku}), {color}, {dimensions}, {price}. {stock}",
        "Hi, I sell my {name} from {brand}, {color}, hardly used. Paid much more, yours for {price}. Battery still {battery}.",
    ],
    "NEW|Just arrived|Product sheet|Press release|Deal of the day|Customers also bought",
    "Free shipping on all orders.|Batteries are not included.|Designed for everyday use.|Easy to clean.|Perfect as a gift.|Our customers love it.|Made from recycled material.|See the manual for details.|Hand wash only.",
    "Add to cart|Subject to change.|All prices include tax.|See you in store.|Terms apply.|Order now!",
)

KINDS = [LEASE, ESTATE, RECIPE, PRODUCT]

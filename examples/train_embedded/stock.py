"""Words that names are made of: people of many countries, towns, firms, things; syllables of invented ones; months of other tongues."""

FIRST = (
    "Aarav Abena Adaeze Adrian Agnes Ahmed Aiko Aisha Akira Alejandra Aleksander Alice Aline Amara Amina Amir Ana Anders Andrea Anika Anton Antonella Anya "
    "Arjun Arthur Asha Astrid Ayumi Barbara Beatriz Ben Benedikt Bilal Birgit Bogdan Bruno Camila Carla Carlos Caroline Catarina Cecilia Chen Chidi Chiara "
    "Chloe Clara Claire Connor Cristina Dana Daniel Daniela Dario Davide Deepa Demir Diego Dimitri Dmitri Dominik Edith Eduardo Eileen Elena Elif Elise Ella "
    "Emeka Emil Emre Enrique Erik Esther Eva Fabio Farid Fatima Felipe Femi Filip Finn Fiona Florian Frank Freya Gabriel George Georgia Gita Giulia Grace "
    "Greta Guillaume Gustavo Hana Hannah Harald Harriet Hassan Haruto Helen Helga Henrik Hiroshi Hugo Ibrahim Ida Ines Inga Ingrid Irina Isaac Isabel Ivan "
    "Jack Jamal Jan Jana Jasmine Javier Jin Joanna Johan Jonas Jorge Josephine Juan Julia Jun Kaito Kamal Karin Karl Katarzyna Kavita Keiko Kenji Khadija "
    "Kofi Kristof Kwame Lars Laszlo Latifa Laura Lea Leila Lena Leo Liam Lian Lina Linh Lorenzo Louise Lucia Luis Luka Lydia Magda Mahmoud Malik Marek Maren "
    "Margaret Mariam Marina Mario Marta Martin Mateo Mathilde Maya Mehmet Mei Mia Miguel Mika Mila Milan Min Mohamed Monika Morten Nadia Naomi Natalia Neha "
    "Ngozi Nia Niklas Nikos Nina Noah Noor Nora Nuno Olaf Olga Olivia Omar Oscar Otto Pablo Paolo Patrick Paula Pedro Petra Pia Pierre Piotr Priya Rafael Rahul "
    "Raj Ramona Rania Ravi Rebecca Renata Ricardo Rita Robin Rosa Ruth Ryan Sadia Salim Samir Sandra Sanjay Sara Sebastian Selma Serena Sergio Shreya Simon "
    "Sofia Soren Stefan Stella Sunita Svetlana Sven Tadeo Takeshi Tamara Tanvi Tariq Tatiana Teresa Theo Thomas Tina Tobias Tomas Tuan Ulrike Umar Valentina "
    "Vanessa Vera Victor Vikram Vincent Violet Wanjiru Wei William Xavier Yara Yasmin Yuki Yusuf Zainab Zara Zeynep Zofia"
).split()
LAST = (
    "Abdi Acosta Adeyemi Aguilar Ahmadi Akhtar Almeida Alvarez Andersen Antonov Arslan Asante Bailey Bakker Balogun Banerjee Barbieri Bauer Becker Bell Benali "
    "Berg Bernard Bianchi Bjork Blanc Boateng Bondarenko Bose Boyd Brandt Brennan Brooks Brown Burke Campbell Cardoso Carter Castro Chang Chaudhary Chopra Choi "
    "Clarke Cohen Collins Conti Cooper Costa Cruz Dahl Danso Das Davies Delgado Demir Desai Diaz Diop Dubois Duarte Dvorak Edwards Ekström El-Sayed Eriksson "
    "Evans Fernandes Ferrari Fischer Fitzgerald Fofana Fontaine Foster Fournier Franco Fraser Friedrich Fujita Gallo Garcia Gomez Gonzalez Goldberg Graham Greco "
    "Green Griffin Gruber Gupta Haddad Hall Hamid Hansen Harris Hashimoto Hayes Henriksen Hernandez Hoffman Holm Horvat Huang Hughes Hussain Ibarra Iversen "
    "Ivanov Jackson Jansen Jensen Johnson Jones Joshi Kaplan Kapoor Karlsen Katz Kaya Keller Kelly Khan Kim Kimura King Klein Kovacs Kowalczyk Kruger Kumar Lam "
    "Lambert Lang Larsen Laurent Le Lee Lehmann Leone Lewis Li Lim Lindgren Lopez Lund Macdonald Maier Malik Mancini Marino Marques Martinez Mbeki McCarthy Mehta "
    "Mendoza Mensah Meyer Mikkelsen Miller Mitchell Molina Moreau Moretti Morgan Mori Mueller Murphy Mutua Nakamura Nair Navarro Nguyen Nielsen Novak Nowak "
    "Nunez Nwosu O'Brien O'Connor O'Neill Obi Oduya Ogawa Okafor Okoye Olsen Ortiz Osei Ozturk Page Palmer Papadopoulos Park Parker Patel Pereira Perez Petrov "
    "Pham Pinto Popescu Powell Price Quinn Rahman Ramirez Rao Reddy Reid Ricci Richter Rinaldi Rivera Roberts Rojas Romano Rossi Russo Ryan Saito Salazar Saleh "
    "Sanchez Santos Sato Schmidt Schneider Schulz Scott Sen Shah Sharma Shaw Silva Singh Smith Sokolov Sousa Stewart Suzuki Svensson Szabo Takahashi Tan Tanaka "
    "Taylor Thapa Thomsen Torres Toure Tran Turner Ueda Vargas Vasquez Vega Verma Virtanen Vogel Wagner Walker Walsh Wang Ward Watanabe Weber White Williams "
    "Wilson Winter Wong Wood Wright Wu Yamamoto Yang Yilmaz Young Zhang Zhao Ziegler Zimmermann"
).split()
PARTICLES = ["de la ", "van der ", "von ", "de ", "da ", "al-", "van ", "di ", "Mac", "Ben "]
TOWNS = (
    "Aarhus|Accra|Adelaide|Amsterdam|Ankara|Antwerp|Athens|Auckland|Baltimore|Bangalore|Bangkok|Barcelona|Basel|Belfast|Bergen|Berlin|Bilbao|Birmingham|Bogotá|Bologna|Bordeaux|Boston|"
    "Bratislava|Bremen|Brighton|Brisbane|Bristol|Bruges|Brussels|Bucharest|Budapest|Buenos Aires|Cairo|Calgary|Cambridge|Cape Town|Cardiff|Chicago|Cologne|Copenhagen|Cork|Dakar|Dallas|"
    "Delhi|Denver|Detroit|Dresden|Dubai|Dublin|Durban|Düsseldorf|Edinburgh|Eindhoven|Florence|Frankfurt|Galway|Gdansk|Geneva|Genoa|Ghent|Glasgow|Gothenburg|Graz|Guadalajara|Halifax|"
    "Hamburg|Hanoi|Helsinki|Hong Kong|Houston|Innsbruck|Istanbul|Jakarta|Johannesburg|Karachi|Kiel|Kobe|Kraków|Kuala Lumpur|Kyoto|Lagos|Las Vegas|Lausanne|Leeds|Leicester|Leipzig|Lille|"
    "Lima|Linz|Lisbon|Liverpool|Ljubljana|London|Los Angeles|Lucerne|Luxembourg|Lyon|Madrid|Malaga|Malmö|Manchester|Manila|Marseille|Medellín|Melbourne|Mexico City|Miami|Milan|Montréal|"
    "Mumbai|Munich|Nairobi|Nantes|Naples|New York|Newcastle|Nice|Nottingham|Nuremberg|Odense|Osaka|Oslo|Ottawa|Oxford|Palermo|Paris|Perth|Philadelphia|Phoenix|Porto|Portland|Poznań|"
    "Prague|Quebec City|Quito|Reykjavik|Riga|Rio de Janeiro|Rome|Rotterdam|Salzburg|San Diego|San Francisco|San José|Santiago|São Paulo|Seattle|Seoul|Seville|Sheffield|Singapore|Sofia|"
    "St. Gallen|Stockholm|Strasbourg|Stuttgart|Sydney|Tallinn|Tampere|Tokyo|Toronto|Toulouse|Trieste|Turin|Uppsala|Utrecht|Valencia|Vancouver|Venice|Verona|Vienna|Vilnius|Warsaw|"
    "Washington|Wellington|York|Zagreb|Zürich"
).split("|")
ADJECTIVES = (
    "Amber Ancient Arctic Autumn Azure Blue Bold Bright Broad Bronze Calm Central Clear Clever Copper Coral Country Crimson Crystal Daily Deep Distant Eastern Easy Emerald Evening "
    "Fair Fast Fine First Flying Fresh Gentle Global Golden Good Grand Green Grey Happy Hidden Honest Humble Icy Iron Ivory Jolly Joyful Kind Lazy Light Little Lucky Mellow Merry Modern "
    "Morning New Noble Northern Old Open Orange Pacific Pearl Plain Prime Pure Quick Quiet Rapid Red Rising Royal Ruby Rustic Sandy Second Secret Sharp Shiny Silent Silver Simple Sleepy "
    "Small Smart Smooth Snowy Soft Solid Southern Spring Steady Still Stone Strong Summer Sunny Sweet Swift Tall Third Tiny True Twin Urban Velvet Violet Warm Western White Wild Winter Wise Young"
).split()
NOUNS = (
    "Anchor Apple Arch Arrow Ash Badger Bakery Balance Barn Barrel Bay Beacon Bear Bee Bell Birch Bird Boat Branch Bridge Brook Canal Canyon Castle Cedar Chapel Cherry Circle Cliff Clock Cloud "
    "Clover Coast Compass Corner Cottage Crane Creek Crown Dawn Deer Delta Dolphin Door Dove Dragon Eagle Elm Falcon Farm Feather Fern Field Finch Fire Flame Flower Forest Forge Fountain Fox "
    "Frog Garden Gate Glacier Grove Harbor Harvest Hawk Heron Hill Hive Horizon Horse House Island Ivy Jasmine Key Kite Ladder Lagoon Lake Lamp Lantern Leaf Lemon Lighthouse Lily Lion Lotus Maple "
    "Market Meadow Mill Mirror Moon Mountain Oak Ocean Olive Orchard Orchid Otter Owl Palm Park Path Peak Pebble Pepper Pier Pigeon Pine Planet Plum Pond Poppy Port Prairie Rabbit Rain Raven Reef "
    "Ridge River Road Robin Rock Roof Rose Sail Sea Shadow Shell Shore Sky Snow Sparrow Spoon Square Star Stone Storm Stream Street Summit Sun Swan Table Temple Thunder Tiger Tower Trail Tree "
    "Tulip Turtle Valley Village Vine Wagon Wall Walnut Wave Well Whale Wheel Willow Wind Window Wolf Wood Yard"
).split()

ONSETS = "b c d f g h j k l m n p r s t v w z br cl dr fl gr kr pl st tr sh th ch qu".split()
VOWELS = "a e i o u a e i o ai ea ou ia".split()
CODAS = "n r l s m t x nd rt ck ll sh th ng v k".split() + [""] * 12
SUFFIX = (
    "Ltd|Ltd.|GmbH|Inc.|Inc|LLC|AG|S.A.|B.V.|& Co.|Group|Partners|Oy|AB|s.r.o.|SARL|KG|Pty Ltd|PLC"
).split("|")
TRADES = (
    "Logistics Systems Foods Textiles Print Labs Software Energy Studio Optics Tools Motors Media "
    "Paper Design Consulting Supplies Electric Dental Gardens Catering Cleaning Hardware Analytics "
    "Furniture Freight Biotech Insurance Security Roofing Translations Robotics"
).split()
THINGS = (
    "kettle headphones lamp backpack charger blender router mattress keyboard office_chair toaster "
    "watch speaker vacuum monitor jacket tent drill camera printer razor stroller bike_lock "
    "coffee_maker phone_case desk air_fryer running_shoes water_bottle webcam tablet microphone "
    "rice_cooker bookshelf sleeping_bag helmet hair_dryer electric_kettle screwdriver_set wardrobe smart_watch e-reader baby_monitor food_processor garden_hose "
    "lawn_mower sofa sewing_machine space_heater suitcase yoga_mat hiking_boots projector soundbar doorbell thermostat sandwich_maker pressure_cooker pillow "
    "duvet ladder wheelbarrow power_bank earbuds gaming_chair fan humidifier scale toothbrush knife_set frying_pan guitar telescope binoculars scooter"
).replace("_", "~").split()
GOODS = (
    "Printer paper|Toner cartridge|USB-C cable|Oak desk|Web design|Consulting|Copper pipe|Hosting|"
    "Site survey|Steel bolts M8|Delivery|Cleaning service|LED panel|Notebook A5|Translation|Training|"
    "Safety gloves|Filter coffee 1kg|Office chair|Packing tape|Annual licence|Maintenance|Logo design|"
    "Paint white 10L|Network switch|Labour|Installation|Support hours|Garden soil|Wooden pallet|"
    "Espresso beans|Monitor arm|Business cards|Hydraulic pump|Freight|Window film|Olive oil 5L|"
    "Sandwich platter|Room hire|Bottled water 24x|Haircut|Tyre change|Translation per page|Roof tiles|Door handle|Brake pads|Whiteboard markers|Photo prints|Piano tuning|"
    "Garden bench|Sausages 1kg|Oat milk|Adult ticket|Child ticket|Parking fee|Late check-out|Minibar|Cheese burger|Green tea|Red wine 0.75|Batteries AA|Light bulb E27|"
    "Cement 25kg|Fence post|Work boots size 42|First aid kit|Extension lead 5m|Laptop repair|Domain renewal|Software licence|Storage per month|Half day of photography|"
    "Chain saw rental|Bed linen set|Flower bouquet|Bread rolls|Dry cleaning|Envelope C4|Stapler|Folding chair|Grass seed|Pump service"
).split("|")

FOREIGN = {"de": "{d}. {m} {y}", "fr": "{d} {m} {y}", "es": "{d} de {m} de {y}", "it": "{d} {m} {y}", "nl": "{d} {m} {y}", "pt": "{d} de {m} de {y}", "pl": "{d} {m} {y}", "sv": "{d} {m} {y}"}
FOREIGN_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}

__all__ = [
    "ADJECTIVES", "CODAS", "FIRST", "FOREIGN", "FOREIGN_MONTHS", "GOODS", "LAST", "NOUNS", "ONSETS", "PARTICLES", "SUFFIX", "THINGS", "TOWNS", "TRADES", "VOWELS",
]

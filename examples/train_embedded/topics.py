"""Words that belong together, and classification samples made of them.

A label is often known by its description alone, so the model has to know
that a leash has to do with dogs.  Each topic is a name and plain words; texts
and descriptions are made of different words of the same topic, and the label
sets are drawn at random, so that no set of labels is ever learnt by heart.
Several texts are asked about one set of labels, one after the other, as
worked examples are: a sample then teaches a handful of answers, not one.
"""

from __future__ import annotations

from values import Source, quoted

WORDS = {
    "dogs": "dog puppy leash bark collar kennel walk bone breed tail paw vet fetch muzzle poodle terrier",
    "cats": "cat kitten purr whiskers litter scratch meow claw tomcat mouse fur basket",
    "horses": "horse saddle stable pony ride gallop hay reins hoof mare foal bridle",
    "birds": "bird nest wing feather beak owl sparrow eagle egg flock sing parrot",
    "fishing": "fish rod bait hook lake trout salmon boat net river carp angler",
    "gardening": "garden seed soil lawn hedge prune rose weed compost shovel tulip greenhouse plant flower tree",
    "farming": "farm field tractor harvest wheat cow barn crop pig milk plough fertiliser",
    "weather": "rain snow storm wind sunny cloud forecast thunder frost fog degrees umbrella hail cold",
    "space travel": "rocket orbit astronaut launch moon capsule satellite crew mission gravity planet mars",
    "cooking": "recipe oven pan boil fry salt flour butter sauce stir onion garlic spoon simmer",
    "baking": "bread cake dough yeast cookie sugar bakery icing muffin pastry croissant tin",
    "coffee": "coffee espresso beans cup milk roast cappuccino barista grinder filter latte mug",
    "wine": "wine grape bottle vineyard cellar red white cork glass vintage tasting barrel",
    "vegetables": "carrot potato cabbage tomato cucumber spinach lettuce pepper bean leek pumpkin celery",
    "fruit": "apple pear banana cherry plum orange lemon grape peach strawberry melon mango",
    "music": "song guitar piano concert band drum melody singer violin album chord orchestra choir",
    "painting": "paint brush canvas colour portrait easel oil watercolour sketch palette gallery frame",
    "photography": "photo camera lens shutter tripod flash zoom exposure portrait focus album print",
    "theatre": "stage actor play curtain scene rehearsal audience drama costume director ticket applause",
    "reading": "book novel author chapter library page story poem cover paperback bookshop reader",
    "chess": "chess pawn king queen bishop knight checkmate board opening opponent move tournament",
    "video games": "game console player level controller score multiplayer joystick quest boss screen avatar",
    "toys": "toy doll puzzle blocks teddy kite marbles train child playroom balloon swing",
    "cycling": "bicycle bike pedal wheel saddle chain helmet brake tyre puncture handlebar ride",
    "cars": "car engine tyre brake garage mechanic gearbox petrol clutch bumper windscreen mileage oil",
    "railways": "train station platform ticket carriage track conductor delay timetable locomotive rail compartment",
    "flying": "flight airport plane pilot luggage boarding runway gate landing passenger cabin takeoff",
    "ships": "ship harbour captain anchor sail cargo deck ferry port sailor cruise hull",
    "hiking": "hike trail mountain boots backpack summit map path valley hut compass ridge",
    "camping": "tent campfire sleeping bag lantern stove campsite caravan matches forest pegs",
    "swimming": "swim pool lane diving goggles stroke water float towel lifeguard splash butterfly",
    "skiing": "ski slope lift snow pole boots avalanche resort piste snowboard instructor winter",
    "babies": "baby nappy bottle cradle pram pacifier cry birth feeding newborn midwife nursery",
    "school": "teacher pupil lesson classroom homework exam grade blackboard desk timetable essay headmaster",
    "university": "student lecture professor thesis campus degree seminar faculty scholarship semester dean library",
    "weddings": "bride groom ring wedding vows bouquet veil marriage church honeymoon guests dress",
    "funerals": "funeral coffin grave mourning cemetery ashes burial condolences wreath widow hearse urn",
    "birthdays": "birthday cake candles present party balloons card invitation wish surprise celebrate gift",
    "clothes": "shirt trousers dress coat sweater button sleeve jacket skirt zip collar pocket tailor",
    "shoes": "shoe boot sandal sneaker lace heel sole slipper leather polish socks size",
    "jewellery": "ring necklace gold diamond earring bracelet silver pearl brooch jeweller gem chain",
    "hairdressing": "hair haircut barber comb shampoo fringe dye curls beard salon scissors shave",
    "furniture": "table chair sofa shelf wardrobe drawer desk cupboard bed cushion armchair carpenter",
    "plumbing": "pipe leak tap drain toilet sink plumber blocked boiler shower water valve",
    "electricity": "socket wire fuse switch cable lamp bulb voltage electrician plug power outage",
    "heating": "radiator heating boiler thermostat cold warm gas chimney stove insulation temperature furnace",
    "cleaning": "clean mop dust vacuum stain detergent bucket window sponge dirt cloth polish bleach",
    "laundry": "laundry washing iron detergent dryer stain clothesline basket fabric softener spin shirts",
    "building": "brick cement scaffold crane roof wall foundation builder concrete plaster architect site",
    "tools": "hammer drill screwdriver saw nail wrench pliers toolbox screw chisel ladder bolt",
    "computers": "computer laptop keyboard mouse screen file software disk processor memory install monitor",
    "printers": "printer toner paper jam cartridge scan copy ink tray print duplex pages",
    "internet": "wifi router website browser connection signal modem online download bandwidth network page",
    "telephones": "phone call ringtone dial handset voicemail battery mobile charger text number caller",
    "passwords": "password login account reset username locked verification code sign authenticate forgot security",
    "post": "parcel letter stamp postman envelope delivery address mailbox courier package postcode tracking",
    "insurance": "insurance policy claim premium cover damage insurer accident liability insured compensation broker",
    "taxes": "tax income refund declaration deduction revenue return office payer receipt allowance fiscal",
    "law": "court judge lawyer trial contract witness verdict sue attorney clause evidence plaintiff",
    "police": "police officer theft arrest burglar crime station stolen detective witness patrol siren",
    "fire brigade": "fire smoke flames alarm firefighter hose ladder burning rescue extinguisher siren engine",
    "army": "soldier army tank uniform general barracks weapon command troops march officer drill",
    "religion": "church priest prayer mosque temple bible faith monk holy worship sermon god",
    "history": "king empire castle war century ancient revolution medieval knight treaty ruins archive",
    "geography": "river mountain country continent map border ocean desert island capital valley population",
    "mathematics": "number equation sum fraction triangle algebra proof geometry multiply formula angle plus",
    "chemistry": "acid molecule laboratory experiment reaction element oxygen test tube solution catalyst salt atom",
    "languages": "language grammar translate word accent verb vocabulary dictionary pronounce speak fluent french",
    "recruiting": "job applicant interview hire candidate vacancy salary resume recruiter position apply skills",
    "holidays": "holiday beach hotel suitcase travel tourist sunscreen vacation passport souvenir tour sightseeing",
    "restaurants": "restaurant waiter menu table dinner dessert chef tip starter reservation dish meal",
    "supermarkets": "supermarket trolley checkout shelf groceries cashier aisle bag discount shopper till offer",
    "recycling": "waste bin recycle rubbish plastic glass compost bottle landfill sort garbage collection",
    "energy": "solar wind turbine power plant coal nuclear panel grid electricity battery fuel",
    "pests": "rat mice cockroach ants wasp nest poison trap moth infestation termite spray",
    "sleep": "sleep bed pillow dream snore blanket tired insomnia night mattress nap awake",
    "fitness": "gym muscle treadmill weights exercise trainer push-up stretch workout sweat yoga squat",
    "running": "run marathon jog finish shoes pace race lap sprint kilometre track runner",
    "tennis": "racket serve net court set match backhand umpire ace tiebreak ball deuce",
    "dancing": "dance waltz tango ballet partner steps ballroom floor shoes salsa twirl rhythm",
    "knitting": "wool needle knit scarf yarn stitch sweater crochet pattern thread sewing button",
    "pottery": "clay pot kiln glaze wheel vase ceramic bowl potter mug fired earthenware",
    "magic": "magician trick wand rabbit hat illusion card spell vanish stage audience secret",
    "museums": "museum exhibit guide painting entrance sculpture curator tour antique statue opening collection",
    "parking": "parking ticket garage meter space barrier fine permit car lot towed bay",
    "elections": "vote ballot candidate poll campaign party mayor election results seat count turnout",
    "charity": "donate charity volunteer fundraiser poor donation help collect shelter homeless sponsor aid",
    "real estate agents": "house flat viewing agent buyer mortgage property bedroom price seller square metres",
    "moving house": "move boxes van removal pack address keys furniture lorry wrap new home",
    "pharmacy": "medicine pill tablet prescription pharmacist syrup dose ointment bandage drug pharmacy painkiller",
    "accounting": "invoice ledger balance audit bookkeeping expense budget accountant payment books quarter cost",
    "stock market": "share stock broker dividend index investor bond fund trading portfolio price profit",
    "marketing": "advert campaign brand slogan poster customer banner leaflet promotion logo audience commercial",
    "meetings": "meeting agenda minutes room participants calendar presentation slides discuss chair conference invite",
    "mining": "mine coal tunnel miner shaft drill ore gold helmet dig explosive quarry",
    "forests": "forest tree oak pine moss mushroom deer leaf trunk lumber ranger path",
    "oceans": "sea wave tide coral shark whale reef shore salt seaweed dolphin deep",
    "insects": "bee ant butterfly beetle mosquito honey hive fly spider caterpillar dragonfly sting",
    "astronomy": "star telescope galaxy comet eclipse planet observatory sky moon constellation meteor light",
    "robots": "robot machine arm sensor automation factory program motor circuit assemble engineer controller",
    "television": "tv series episode channel remote show film screen presenter broadcast season news",
    "radio": "radio broadcast host frequency station listener interview antenna jingle podcast microphone studio",
}
PHRASES = {
    "praise": ("kind words about what went well|somebody is pleased", "Great job, everyone!|I love it.|Everything was perfect, thank you.|Best experience in years.|Really well done.|I could not be happier.|You were so helpful.|Wonderful work."),
    "criticism": ("something is found to be bad|a displeased voice", "This was awful.|I am very disappointed.|It never works.|What a waste of money.|I expected much more.|Rude and slow.|Really poor quality.|Never again."),
    "greeting": ("somebody says hello", "Hello there!|Good morning to you all.|Hi, how are you?|Good evening.|Hey, nice to meet you.|Welcome back!|Greetings from me.|Hi team"),
    "farewell": ("somebody says goodbye", "Goodbye and take care.|See you next week.|Bye for now.|So long!|Talk to you later.|Have a nice trip home.|Until we meet again.|I have to go now, bye."),
    "apology": ("somebody is sorry", "I am so sorry.|Please forgive me.|My apologies for the mistake.|We regret the delay.|Sorry about that.|It was my fault.|I beg your pardon.|Sorry, I forgot."),
    "thanks": ("gratitude", "Thank you very much.|Many thanks for this.|I am grateful.|Thanks a lot!|We appreciate your help.|Cheers for that.|Much obliged.|Thanks, that helped."),
    "question": ("something is asked", "When does it open?|How do I do this?|Where can I find the form?|Is it still there?|What does it cost?|Who is in charge?|Could you tell me why?|Which one is right?"),
    "order": ("somebody tells others what to do", "Close the door.|Send it today.|Stop that at once.|Bring me the list.|Sign here.|Turn it off.|Wait outside.|Do it now."),
    "offer": ("something is offered to the reader", "I can help you with that.|You may have it for half the price.|Shall I bring one?|We offer you a free trial.|Take as many as you like.|I could drive you.|Let me pay for it.|You can use mine."),
    "refusal": ("somebody says no", "No, I will not.|I can't accept that.|We must decline.|Not a chance.|I would rather not.|Unfortunately that is impossible.|I refuse.|No thanks."),
    "consent": ("somebody says yes", "Yes, of course.|I agree.|That is fine with me.|Sure, go ahead.|We accept.|Sounds good.|Absolutely.|Okay, let's do it."),
    "warning": ("a danger is pointed out", "Be careful, it is hot.|Watch out!|Do not touch this.|Danger, high voltage.|Beware of the dog.|Mind the step.|It could explode.|Keep away from the edge."),
    "promise": ("somebody commits to something", "I will do it by Friday.|You have my word.|I promise to call.|We guarantee it.|I shall be there.|I will never do it again.|Count on me.|We will pay you back."),
    "joke": ("something meant to be funny", "Why did the chicken cross the road?|Ha ha, very funny.|I laughed so hard.|Knock, knock.|A man walks into a bar.|That is a good one, lol.|Just kidding!|What a punchline."),
    "cancel": ("something is called off", "I want to cancel.|Please call it off.|We have to drop the appointment.|I no longer need it.|Stop my subscription.|The event will not take place.|Take my name off the list.|I am not coming after all."),
    "postpone": ("something is moved to a later time", "Can we do it later?|Let's move it to next week.|I need another date.|Could we push it back a day?|It has to wait until May.|Please delay it.|We have to reschedule.|Not today, tomorrow maybe."),
    "lost": ("something cannot be found", "I cannot find my keys.|My bag is gone.|Has anyone seen my hat?|It disappeared.|I left it somewhere.|It is missing.|I lost it on the way.|Where is it? I looked everywhere."),
    "broken": ("something no longer works", "It does not work any more.|It fell and cracked.|The screen is black.|It stopped.|It makes a strange noise and then nothing.|One leg came off.|It is torn.|It won't start."),
    "too expensive": ("the price is found too high", "It costs too much.|That price is a joke.|I can't afford this.|Cheaper elsewhere.|Why so pricey?|I paid double.|Overpriced.|That is a lot of money."),
    "too late": ("something takes too long or did not come in time", "I am still waiting.|It came three weeks late.|It takes forever.|Where is it? It was due on Monday.|The delay is endless.|Not here yet.|We waited an hour.|It should have been here long ago."),
    "urgent": ("cannot wait", "I need it right now.|This is an emergency.|As soon as possible!|It can't wait.|Hurry up please.|Immediately!|Every minute counts.|Today, at the latest."),
    "no hurry": ("can wait", "Take your time.|There is no rush.|Whenever it suits you.|Some day, maybe.|It can wait.|No need to hurry.|Next month is fine.|When you get round to it."),
}
TEXTS = (
    "I need a new {0}.|The {0} is next to the {1}.|We talked about the {0} and the {1}.|Do you know a good {0}?|My {0} and my {1} are gone.|"
    "Yesterday I saw a {0} with a {1}.|{0}, {1}, {2}|Who can help me with the {0}?|All about the {0}: a short guide to {1} and {2}.|"
    "The {0} was great but the {1} was not.|She asked for the {0} again.|Nobody told us about the {0}, so we took the {1}.|"
    "First the {0}, then the {1}.|He is looking for a {0} and maybe a {1}.|Without the {0} there is no {1}.|Is the {0} ready? The {1} is.|"
    "We spent the whole day with the {0}, and in the evening there was a {1}.|The old {0} has to go.|A {0} like this one costs more than a {1}."
).split("|")
NOTES = "{0}, {1}, {2}|{0} and {1}|Everything about {0}, {1} and {2}|{0}, {1}, {2}, {3}|Questions about {0} or {1}|About {0} and {1}|{0}, {1} and the like".split("|")
FILLERS = "Hello,|Hi there.|Thanks!|Best regards|Please let me know.|Just so you know.|I hope you are well.|It was Tuesday.|That is all.|Anyway.|By the way,|What do you think?".split("|")
FEW = 7
"""Texts about one set of labels, at most."""


def sample(s: Source) -> tuple[list[tuple[str, str]], list[tuple[str, str]], str]:
    """Labels with descriptions, texts with answers, and the word "labels"."""
    phrases = s.chance(0.3)
    topics = s.r.sample(list(PHRASES if phrases else WORDS), s.r.randint(2, 7))
    described = s.any([0.0, 1.0, 1.0])
    style = s.any([str, str, str.upper, str.title, lambda t: t.replace(" ", "_")])
    meaningless = s.chance(0.25) and described == 1.0
    names, notes, kept = [], [], []
    for i, topic in enumerate(topics):
        if phrases:
            note = s.any(PHRASES[topic][0].split("|"))
            said = PHRASES[topic][1].split("|")
        else:
            said = WORDS[topic].split()
            s.r.shuffle(said)
            note = s.any(NOTES).format(*said[:4])
            # A word of the description may return in the text, but mostly others do.
            said = said[s.any([0, 2, 4]) :]
        name = topic
        if meaningless:
            name = s.any([f"{'abcdefgh'[i]}", str(i + 1), s.invented(1, 2).lower(), f"class {i + 1}"])
        names.append(style(name))
        notes.append(note[0].upper() + note[1:] if s.chance(0.7) else note)
        kept.append(said)
    if len(set(names)) < len(names):
        return sample(s)
    turns = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(len(topics))
        turns.append((_text(s, kept[at], phrases), quoted(names[at])))
    return [(n, note if described else "") for n, note in zip(names, notes, strict=True)], turns, "labels"


MENTIONS = (
    "It is about {0}.|{0}|I have a question on {0}.|{0}!|this is {0}|We need help with {0} today.|{0} again, as last week.|Who deals with {0}?|"
    "Nothing but {0}.|She said {0}, I think.|about the {0}|Please look at the {0}.|There is something wrong with {0} here.|No idea about {0}.|{0} and {1}|{0} or {1}, I forgot."
).split("|")


def drill(s: Source) -> tuple[list[tuple[str, str]], list[tuple[str, str]], str]:
    """Short texts that name their label, or words of its description: the way from a text to a label, without any knowledge of words."""
    stock = [word for said in WORDS.values() for word in said.split()]
    count = s.r.randint(2, 6)
    described = s.chance(0.6)

    def word() -> str:
        return s.pick(stock) if s.chance(0.7) else s.invented(1, 2).lower()

    names = [word() if s.chance(0.7) or not described else "abcdef"[i] for i in range(count)]
    kept = [[word() for _ in range(s.r.randint(2, 4))] if described else [name] for name in names]
    if len(set(names)) < count or len({one for words in kept for one in words}) < sum(map(len, kept)):
        return drill(s)
    style = s.any([str, str, str.title])
    named = [style(name) for name in names]
    notes = [s.any([", ".join, " and ".join, " ".join])(words) if described else "" for words in kept]
    turns = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(count)
        said = s.r.sample(kept[at], min(2, len(kept[at])))
        text = s.pick(MENTIONS).format(*said, *said)
        turns.append((text[0].upper() + text[1:] if s.chance(0.5) else text, quoted(named[at])))
    return list(zip(named, notes, strict=True)), turns, "labels"


def _text(s: Source, said: list[str], whole: bool) -> str:
    if whole:
        lines = [s.any(said)]
        if s.chance(0.2):
            lines.append(s.any(said))
    else:
        lines = []
        for _ in range(s.any([1, 1, 2])):
            some = s.r.sample(said, min(3, len(said)))
            line = s.pick(TEXTS).format(*some, *some)
            lines.append(line[0].upper() + line[1:])
    for _ in range(s.any([0, 0, 1, 2])):
        lines.insert(s.r.randint(0, len(lines)), s.any(FILLERS))
    text = " ".join(lines)
    return text.lower() if s.chance(0.1) else text

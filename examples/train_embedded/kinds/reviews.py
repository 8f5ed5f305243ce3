"""Reviews of products and restaurants."""

from values import INTEGER, NUMBER, Source, Value, words

from kinds import Concept, Kind, listed
from kinds.parts import bulleted

GOOD = (
    "great battery life|easy to clean|friendly staff|fast delivery|good value|very quiet|fresh ingredients|lovely terrace|"
    "sturdy build|clear sound|large portions|comfortable to wear|nice packaging|quick setup|cosy atmosphere|sharp picture|"
    "attentive service|crispy pizza|light weight|bright display|fair prices|generous wine list|soft fabric|simple app|"
    "the view|homemade bread|fits in any bag|strong suction|warm welcome|lasts for days|spare parts included|fresh fish|the dessert|vegan options|"
    "no cables|firm grip|quick charging|real buttons|good lighting|clean toilets|kind waiter|perfect size|warm in winter|the smell of coffee|low price|clever design|live music"
).split("|")
BAD = (
    "poor battery|too loud|slow service|overpriced|flimsy plastic|confusing manual|cold food|rude waiter|bad smell|"
    "short cable|weak wifi|long wait|small portions|scratches easily|hard to clean|no parking|stale bread|heavy|"
    "dim screen|buggy app|noisy room|uncomfortable chairs|late delivery|missing parts|"
    "cold soup|no manual|leaks water|plastic smell|tiny buttons|sticky tables|the bill was wrong|runs hot|dull knives|loud music|no vegan dish|"
    "slow charging|ugly colour|loses connection|thin walls|dry cake|broke after a week|weak coffee|the queue|dirty glasses|too salty|zip gets stuck|no spare parts"
).split("|")


def points(options: list[str]):
    def make(s: Source) -> Value:
        one = lambda: s.pick(options) if s.chance(0.7) else f"{s.any(['nice', 'good', 'bad', 'odd', 'weak', 'strong', 'the'])} {s.any([s.invented().lower(), s.pick(options).split()[-1]])}"
        items = s.several(one, 1, 4)
        value = s.series(items)
        return bulleted(s, value, items) if s.chance(0.4) else value
    return make


def rating(s: Source) -> Value:
    top = s.any([5, 5, 5, 10])
    n = s.r.randint(1, top)
    number = "zero one two three four five six seven eight nine ten".split()[n]
    shapes = [f"{n}/{top}", f"{n} out of {top}", f"{n}/{top} stars", f"{n} star{'s' if n > 1 else ''}", f"{number} star{'s' if n > 1 else ''}", f"{n} star{'s' if n > 1 else ''}", f"{n} of {top}"]
    shapes += [f"{number} out of {'five' if top == 5 else 'ten'}", f"a {n} out of {top}"]
    if top == 5:
        shapes += ["★" * n + "☆" * (5 - n), "*" * n, "★" * n]
    text, js, schema = s.any(shapes), str(n), s.any([INTEGER, INTEGER, NUMBER])
    if s.chance(0.12):
        n = s.r.randint(1, top - 1)
        half = f"{n}.5"
        number = "zero one two three four five six seven eight nine".split()[n]
        text, js, schema = s.any([f"{half}/{top}", f"{half}/{top}", f"{half} out of {top}", f"{number} and a half stars", f"{half} stars"]), half, NUMBER
    return Value(text, js, schema)


DISHES = "lasagne|duck ramen|mushroom risotto|fish tacos|beef burger|tiramisu|lamb curry|pad thai|onion soup|grilled octopus|falafel plate|cheesecake|margherita|schnitzel|pho|ceviche|gnocchi|crème brûlée|moussaka|paella|bibimbap|fried cod|tomato soup|caesar salad|dumplings|butter chicken|goulash|apple strudel|ravioli|steak frites|miso soup|couscous|grilled aubergine|chocolate mousse|spring rolls|pierogi|rack of lamb|poke bowl|waffles|cheese board|mussels|chickpea stew|burrata|roast duck|panna cotta|enchiladas|pumpkin soup".split("|")

KIND = Kind(
    "review",
    listed(
        Concept("subject", lambda s: s.thing() if s.chance(0.55) else s.place(), "product|product_name|item|reviewed|restaurant|restaurant_name|name|place|subject|what|reviewed_item|business",
                "What is reviewed|Name of the product|Name of the place|Reviewed item", "Product|Item|Restaurant|Place|Review of|Reviewed|Name",
                "I bought the {} a while ago.|We went to {} for dinner.|My verdict on {}.|{} is what I want to talk about.|I have used the {} for a month.|We visited {}.|Let me tell you about {}.|The {} arrived last week."),
        Concept("reviewer", Source.person, "reviewer|author|user|name|reviewer_name|written_by|customer|by|username", "Who wrote the review|Author of the review|Name of the reviewer", "Reviewer|Author|By|User|Name|Written by|Reviewed by",
                "by {}|- {}|My name is {}.|Review by {}.|{} wrote this review.|Yours, {}|posted by {}"),
        Concept("date", Source.date, "date|review_date|posted|written_on|published|posted_on|date_posted", "When it was written|Date of the review", "Date|Posted|Reviewed on|Published|Written on", "Reviewed on {}.|Posted {}.|written on {}|This review is from {}.|({})|As of {}."),
        Concept("visited", Source.date, "visit_date|visited|visited_on|purchase_date|bought_on|purchased|date_of_visit|date_of_purchase", "When they went or bought it|Day of the visit|Day of purchase", "Visited|Visit date|Purchased|Bought|Date of purchase|Date of visit",
                "We were there on {}.|I bought it on {}.|I ordered it {}.|Our visit was on {}.|purchased {}|We ate there on {}."),
        Concept("rating", rating, "rating|stars|score|rating_stars|overall|overall_rating|grade|points|num_stars", "Stars given|How many stars|Overall score|Rating as a number", "Rating|Stars|Score|Overall|My rating|Grade|Overall rating",
                "I give it {}.|{} from me.|It gets {}.|That deserves {}.|My rating: {}.|{}|Overall {}.|I would say {}."),
        Concept("sentiment", lambda s: s.choice(
                ["negative|mixed|positive", "negative|neutral|positive", "bad|average|good", "unhappy|neutral|happy"],
                {0: "What a disappointment.|I regret this.|Never again!|Terrible.|A complete waste of money.|Awful from start to end.|I hated it.|Stay away!",
                 1: "It is okay, nothing special.|Some things good, some bad.|Average at best.|Not great, not terrible.|It does the job, no more.|I have mixed feelings.|So so.|Could be better, could be worse.",
                 2: "I love it!|Absolutely fantastic.|Best thing I ever had.|We were delighted.|Wonderful!|I could not be happier.|Perfect in every way.|Highly enjoyable."}),
                "sentiment|tone|opinion|verdict|feeling|impression|mood", "Overall tone|How the reviewer feels|Whether the review is good or bad", "Verdict|Impression"),
        Concept("pros", points(GOOD), "pros|likes|positives|good_points|advantages|strengths|liked|plus", "What was good|Good points|What the reviewer liked", "Pros|Likes|Good|Positives|+|Advantages|Plus", "I liked: {}.|What is good: {}.|On the plus side: {}.|The good things are {}.|It has {}.|Praise for {}.|We enjoyed {}."),
        Concept("cons", points(BAD), "cons|dislikes|negatives|bad_points|disadvantages|weaknesses|disliked|complaints|minus", "What was bad|Bad points|What the reviewer did not like", "Cons|Dislikes|Bad|Negatives|-|Disadvantages|Minus", "I did not like: {}.|What is bad: {}.|On the down side: {}.|The bad things are {}.|Sadly there is also {}.|Complaints: {}.|We were annoyed by {}."),
        Concept("recommend", lambda s: s.flag("I recommend it.|Would buy again.|You should go there.|I can only recommend this.|Go for it!|We will come back.|I would recommend it to friends|definitely worth it", "I can not recommend it.|Would not buy again.|Do not go there.|I would not recommend this.|Save your money.|We will not come back.|I advise against it|not worth it"),
                "recommended|recommend|would_recommend|recommends|would_buy_again|will_return", "Whether the reviewer recommends it|True if they would come again", "Recommended|Would recommend|Recommend"),
        Concept("price", lambda s: s.money(5, 900), "price|price_paid|cost|paid|bill|amount|spent", "What it cost|Amount paid|Price in numbers", "Price|Paid|Cost|Bill", "I paid {}.|It cost me {}.|The bill was {}.|for {} it is ok|We spent {}.|The price was {}.", {"currency": ("currency|currency_code", "Currency|ISO code")}),
        Concept("verified", lambda s: s.flag("Verified purchase|Verified buyer.|This purchase was verified.", "Not verified|Unverified purchase.|I got it for free for this review."), "verified|verified_purchase|is_verified", "Whether the purchase was verified", "Verified|Verified purchase", rare=True),
        Concept("dishes", lambda s: s.series(s.several(lambda: s.pick(DISHES), 1, 3)), "dishes|ordered|food|eaten|items_ordered|meals|dishes_mentioned", "What they ate|Dishes mentioned", "Ordered|We had|Dishes", "We had {}.|I ordered {}.|We ate {}.|My choice was {}.|To eat we took {}.|The kitchen sent out {}."),
        Concept("city", Source.city, "city|location|town|where", "City of the place|Where it is", "City|Location|Town", "It is in {}.|We were in {}.|located in {}|Right in the middle of {}.|during our stay in {}", rare=True),
        Concept("title", lambda s: words(s.any(["Great", "Not what I hoped", "Solid", "Disappointing", "Loved", "A gem", "Never again", "Nice surprise", "Okay", "Worth", "Broken", "Perfect"]) + s.any(["", " " + s.invented(), " evening", " buy", " for the price", "!", " place"])), "title|headline|heading|review_title|summary", "Headline of the review|Title", "Title|Headline|Summary"),
        Concept("helpful", lambda s: s.integer(0, 300), "helpful_votes|helpful|votes|likes_count|upvotes", "How many found it helpful", "Helpful|Helpful votes|Votes", "{} people found this helpful.|{} users liked this review.|helpful for {} readers|marked as helpful by {} customers", rare=True),
    ),
    [
        "{title}\n{rating}\nby {reviewer} on {date}\n\nI bought the {subject} for {price}. {sentiment} Pros: {pros} Cons: {cons} {recommend}",
        "{subject} - {rating}\n\n{sentiment} We had {dishes} and paid {price}. {recommend}\n\n{reviewer}, {date}",
        "Reviewer: {reviewer}\nItem: {subject}\nRating: {rating}\n+ {pros}\n- {cons}\n{verified}",
        "We visited {subject} in {city} on {visited}. {sentiment} I loved {pros}. What bothered me: {cons}. {rating}",
        "{rating} {title}\n{sentiment} The {subject} has {pros} but also {cons}. {recommend} {helpful} people found this helpful.",
        "Honest opinion after a month with {subject} (bought {visited}, {price}):\nGood: {pros}\nBad: {cons}\nScore: {rating}\n{reviewer}",
        "{reviewer} says: {sentiment} {dishes} at {subject}, {city}. {rating}. {recommend}",
        "Review of {subject}, posted {date}\n{sentiment}\nWhat I liked:\n{pros}\nWhat I did not like:\n{cons}\n{recommend}",
    ],
    "Review|My review|Customer review|Just my two cents.|Long review ahead.|Hi everyone,",
    "I am not easy to please.|My wife chose it.|It was raining that day.|I read many reviews before.|The neighbours have the same one.|We were four people.|I compared three models.|My old one broke after six years.|This is my second order.|It was a birthday present.|There was music in the background.|Shipping was normal.",
    "Hope this helps!|That's all.|Thanks for reading.|Edit: nothing changed.|Peace|See you",
)

/// Words that do not tell texts apart.
enum StopWords {
  /// English words that are in most texts, whatever they are about.
  static let all = Set(
    """
    a about after again all also am an and any are arent as at be because been before being but by can cant could couldnt \
    did didnt do does doesnt doing dont down during each else ever few for from further get gets getting go goes going got \
    had has have having he her here hers herself hes him himself his how i id if ill im in into is isnt it its itself ive \
    just know let lets like lot made make many may maybe me mean might more most much must my myself no not now of off oh \
    ok okay on once one only or other our ours out over own please quite rather really said same say says she shes should \
    so some something such sure tell than thank thanks that thats the their theirs them themselves then there these they \
    theyre thing things think this those though through to too under until up us use used very want was wasnt way we well \
    were what whats when where which while who whom whose why will with wont would yeah yes yet you your youre yours
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}

/// A language that we know some words of.
struct Language: Equatable {
  /// Words that do not tell texts apart, folded.
  let stopWords: Set<String>

  /// The language of a text: the one most of its common words are of, and English if there are none.
  static func of(_ text: String) -> Language {
    let words = SearchWord.all(in: text).map(\.folded)
    let counts = [english, german, finnish].map { language in words.filter(language.stopWords.contains).count }
    if counts[0] >= max(counts[1], counts[2]) { return english }
    return counts[1] >= counts[2] ? german : finnish
  }

  static let english = Language(
    """
    a about after again all also am an and any are arent as at be because been before being but by can cant could \
    couldnt did didnt do does doesnt doing dont down during each else ever few for from further get gets getting go \
    goes going got had has have having he her here hers herself hes him himself his how i id if ill im in into is \
    isnt it its itself ive just know let lets like lot made make many may maybe me mean might more most much must my \
    myself no not now of off oh ok okay on once one only or other our ours out over own please quite rather really \
    said same say says she shes should so some something such sure tell than thank thanks that thats the their theirs \
    them themselves then there these they theyre thing things think this those though through to too under until up \
    us use used very want was wasnt way we well were what whats when where which while who whom whose why will with \
    wont would yeah yes yet you your youre yours
    """)

  static let german = Language(
    """
    aber alle als am an ans auch auf aus bei beim bin bis bist da damals dann das dass dein deine dem den denn der \
    des die dich dir doch du durch ein eine einem einen einer eines er es etwas euch fur ganz gab gibt habe haben hat \
    hatte hatten hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jetzt kann kein keine \
    konnte man mein meine meinem meinen meiner mich mir mit nach nicht noch nun nur ob oder ohne schon sehr seine \
    seinem seinen seiner seit sich sie sind so uber um und uns unser unsere vom von vor wann war waren warum was \
    wegen weil welche welchem welchen welcher welches wem wen wenn wer werden wie wieder wir wird wo woher wohin \
    wurde wurden zu zum zur
    """)

  static let finnish = Language(
    """
    aina ei eika ettei etta han hanella hanen hanta ja joka jonka jos jossa jota kai kanssa kenen kenelle kuin kuka \
    kun kuten me mihin mika miksi milloin mina minka minkalainen minne minun missa mista mita miten mitka mutta myos \
    ne niin no nyt olen oli olin olisi olivat ollut on ovat se sen sina sinun sita siita siella siihen silloin taalla \
    taas tai tama te viela voi
    """)

  private init(_ words: String) { stopWords = Set(words.split(whereSeparator: \.isWhitespace).map(String.init)) }
}

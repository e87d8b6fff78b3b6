/// English words that are often used where another one is: an instrument is a piano, and a kid is a child.
enum RelatedWords {
  /// The stems of words that may stand for a folded word, besides its own forms.
  static func stems(relatedTo word: String) -> [String] { table[EnglishStem.of(word)] ?? [] }

  /// By the stem of the word that they may stand for.
  private static let table: [String: [String]] = {
    var table: [String: [String]] = [:]
    for line in relatedWords.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" }.map { EnglishStem.of(String($0)) }
      table[words[0], default: []] += words.dropFirst()
    }
    return table
  }()
}

/// A word of what people ask about a life, and words of what was said.
private let relatedWords = """
  accident: crash injure hurt
  achievement: accomplish success award
  activity: hobby sport exercise class workshop outing swim hike paint
  adopt: adoption foster
  advice: suggest recommend tip
  afraid: fear scare worry nervous
  age: old year
  angry: mad upset annoy
  animal: pet wildlife bird horse
  art: paint draw sculpture pottery artist gallery exhibition
  attend: go join participate visit
  autumn: fall
  bake: cake bread cookie pie dessert
  beach: sea ocean shore coast sand
  begin: start
  believe: faith religion
  bike: bicycle cycle
  birth: born baby pregnant deliver
  birthday: anniversary celebrate party
  boat: ship sail
  book: novel read author story library
  born: birthplace hometown
  boss: manager supervisor employer
  boyfriend: girlfriend partner date romance
  break: broke damage
  breakfast: morning
  build: construct
  buy: purchase shop order store
  camp: tent campfire outdoor
  car: vehicle drive truck
  career: job profession path
  cat: kitten kitty
  celebrate: party festival
  challenge: difficulty struggle obstacle setback
  change: transform transition
  charity: donate fundraiser nonprofit
  child: kid son daughter baby toddler boy girl
  choose: pick select choice
  church: temple mosque chapel parish
  city: town place
  clean: wash tidy
  clothes: dress shirt outfit fashion
  colleague: coworker team
  color: blue red green purple
  company: business firm shop startup
  compete: competition tournament race match contest champion
  computer: laptop
  concert: show gig festival perform band
  cook: bake recipe kitchen dish meal
  country: nation homeland abroad
  cow: cattle
  craft: knit sew pottery handmade woodwork
  create: make build design craft
  cut: scissors
  dance: ballet dancer
  decide: decision choose choice
  describe: tell
  dessert: cake cookie pie chocolate sweet ice
  die: death funeral pass bury grave lose cemetery
  dinner: supper meal
  discuss: talk
  divorce: separate split breakup
  doctor: hospital nurse clinic physician
  dog: puppy pup hound
  draw: sketch portrait
  dream: goal ambition hope
  drink: coffee tea beer wine juice
  drive: car ride
  education: school study degree college university
  enjoy: love fun
  event: festival conference workshop party meeting parade fair
  exam: test grade
  exercise: workout gym run yoga fitness swim walk
  fail: failure mistake
  family: relative parent sibling household fam
  farm: field barn cattle cow
  father: dad papa daddy
  favorite: best love prefer fave
  field: subject major area
  fight: argue
  find: discover
  finish: complete end
  fire: burn
  fish: fishing
  fix: repair
  flower: rose bloom bouquet
  food: meal dish cook eat recipe dinner lunch cuisine
  forest: wood tree
  friend: buddy pal companion mate
  fruit: apple berry plum cherry
  game: play video board card chess
  garden: plant flower grow yard vegetable
  gift: present give receive
  goal: aim plan target
  graduate: degree diploma college university
  grandfather: grandpa granddad grandparent
  grandmother: grandma granny nana grandparent
  grief: mourn loss miss sad
  hair: beard
  happy: glad joy excite
  hate: dislike
  health: medical doctor wellness fitness
  help: support assist volunteer aid
  hike: trail walk mountain climb trek
  hire: employ recruit interview
  hobby: activity interest pastime passion fun enjoy
  home: house apartment flat
  hometown: village grow
  hope: wish dream goal
  horse: ride pony
  hospital: clinic surgery ward
  house: home apartment cottage
  husband: wife spouse partner marry
  identity: gender
  ill: sick disease illness hospital doctor
  injury: hurt injure broke sprain accident
  inspire: inspiration motivate influence
  instrument: piano guitar violin drum clarinet flute trumpet saxophone cello
  internet: online website
  item: thing object stuff
  jewelry: ring necklace bracelet
  job: work career profession occupation employ office position
  join: member sign
  joke: funny
  kind: type sort
  language: speak
  laugh: funny joke humor
  law: lawyer court legal
  lawyer: attorney legal
  letter: mail post
  like: enjoy love
  live: reside
  look: appearance
  lose: lost miss
  love: adore fond
  marry: wedding bride groom spouse engage anniversary honeymoon
  mean: represent symbolize
  medicine: pill drug treatment
  meet: met encounter
  meeting: conference gathering
  money: pay cost price cheap expensive finance salary income
  mother: mom mum mama mommy
  motivate: inspire encourage drive
  mountain: hill peak
  move: relocate settle
  movie: film cinema watch
  music: song band concert sing instrument album musician
  musician: band singer artist composer
  name: called nickname
  neighbor: neighborhood street community
  news: paper
  nickname: name called
  old: elder age
  outdoor: nature hike park forest mountain
  own: have
  pain: ache hurt
  paint: canvas artist portrait landscape
  parent: mother father mom mum dad mama papa
  participate: join attend involve
  party: celebrate gathering
  personality: character trait kind
  pet: dog cat puppy kitten pup bird rabbit hamster fish parrot
  phone: call
  photo: picture photograph camera pic
  place: location spot area
  plan: intend prepare
  plane: flight fly airport
  poem: poetry verse
  police: arrest
  politics: vote political election government
  pray: prayer
  problem: issue trouble challenge difficulty struggle
  promotion: promote raise
  proud: pride
  quarrel: argue fight
  quit: resign retire leave
  read: book novel
  reason: motivate inspire
  recommend: suggest
  relationship: partner marry single divorce breakup date
  relative: aunt uncle cousin nephew niece
  relax: calm rest unwind peace destress
  religion: church faith god pray religious spiritual
  remember: memory recall remind
  remind: remember memory
  repair: fix mend
  restaurant: cafe diner
  river: lake stream
  room: bedroom kitchen basement attic
  run: race marathon jog
  sad: upset unhappy cry
  save: savings bank
  say: tell mention
  school: class teacher student classroom
  secret: hide
  show: series program television tv watch
  sibling: brother sister twin
  sing: song choir voice
  sleep: bed nap night
  smell: scent
  soldier: army military veteran
  song: tune album music
  sound: noise
  speech: talk presentation speak
  sport: game team basketball soccer football tennis baseball swim run
  start: begin launch open
  steal: theft rob
  stop: quit end
  stress: anxiety pressure overwhelm worry
  struggle: hard tough difficult
  study: school college university learn course class degree student
  succeed: success achieve accomplish
  suggest: recommend idea advice
  summer: sun hot
  support: help encourage
  surgery: operation
  swim: pool lake beach
  symbol: symbolize represent mean stand
  talk: speak chat conversation
  taste: flavor
  teach: teacher instructor lesson tutor coach
  technology: computer phone app software
  theater: play stage act perform
  therapy: counsel therapist counselor
  tired: exhaust
  train: rail station
  trait: quality kind thoughtful
  travel: trip journey visit vacation tour fly
  trip: vacation holiday travel journey roadtrip
  vacation: holiday trip
  village: town
  visit: travel trip
  volunteer: charity donate community
  war: army soldier military serve
  wear: dress clothes shirt coat
  weather: rain snow storm
  win: prize award trophy medal victory
  winter: snow cold
  work: job employ office shift colleague
  write: writer author poem story journal blog letter
  young: child youth teen
  youth: teen young
  """

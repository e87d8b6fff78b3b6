/// English words that are often used instead of another one: instrument for piano, kid for child.
enum RelatedWords {
  /// The stems of words that may stand for a folded word, or that it may stand for, apart from its own forms.
  ///
  /// Two words that are related to a third are not related: a rose is not a tulip.
  static func stems(relatedTo word: String) -> [String] {
    let stem = EnglishStem.of(word)
    var related: [String] = []
    // No form changes the first two letters of a word.
    let beginning = String(stem.prefix(stem.utf8.count < 3 ? 1 : 2))
    for line in relatedWords.lines(withWordFrom: beginning, where: { EnglishStem.of($0) == stem }) {
      let stems = line.map(EnglishStem.of)
      for other in stems.dropFirst() {
        let found = stems[0] == stem ? other : other == stem ? stems[0] : stem
        if found != stem, !related.contains(found) { related.append(found) }
      }
    }
    return related
  }
}

/// A word of what people ask about a life, and words of what was said.
let relatedWords = WordTable(
  """
  accident: crash injure hurt
  achievement: accomplish success award
  acquaint: meet know
  activity: hobby sport exercise class workshop outing swim hike paint
  adopt: adoption foster
  advice: suggest recommend tip
  afraid: fear scare worry nervous
  age: old year
  alcohol: drunk wine beer
  angel: heaven
  angry: mad upset annoy
  animal: pet wildlife bird horse
  anniversary: wedding marry birthday
  apologize: sorry forgive
  art: paint draw sculpture pottery artist gallery exhibition
  ash: scatter urn
  attend: go join participate visit
  attic: loft
  autumn: fall
  bag: luggage suitcase
  bake: cake bread cookie pie dessert
  baker: bread bakery roll
  basement: cellar
  beach: sea ocean shore coast sand
  bed: sleep
  bee: honey hive
  begin: start
  believe: faith religion
  berry: strawberry raspberry jam
  bike: bicycle cycle
  bird: swallow sparrow blackbird goose
  birth: born baby pregnant deliver
  birthday: anniversary celebrate party
  blanket: quilt crochet
  boat: ship sail
  book: novel read author story library
  born: birthplace hometown
  boss: manager supervisor employer
  boyfriend: girlfriend partner date romance
  brave: courage
  bread: roll loaf bakery
  break: broke damage
  breakfast: morning
  bridge: river
  build: construct
  burial: funeral grave cemetery ash
  bus: train tram ride
  buy: purchase shop order store
  camp: tent campfire outdoor
  car: vehicle drive truck
  career: job profession path
  cat: kitten kitty
  celebrate: party festival
  chair: seat sit
  challenge: difficulty struggle obstacle setback
  change: transform transition
  charity: donate fundraiser nonprofit
  chicken: hen roast
  child: kid son daughter baby toddler boy girl
  childhood: child young grow kid
  choose: pick select choice
  christmas: holiday gift tree santa
  church: temple mosque chapel parish
  cigarette: smoke tobacco quit
  circus: clown acrobat
  city: town place
  clean: wash tidy
  clock: watch time
  clothes: dress shirt outfit fashion
  colleague: coworker team
  collect: collection
  color: blue red green purple
  company: business firm shop startup
  compete: competition tournament race match contest champion
  computer: laptop
  concert: show gig festival perform band
  confess: admit truth
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
  disease: diabetes cancer stroke
  divorce: separate split breakup
  doctor: hospital nurse clinic physician
  dog: puppy pup hound spaniel terrier poodle dachshund
  doll: toy
  door: entrance gate front
  draw: sketch portrait
  dream: goal ambition hope
  drink: coffee tea beer wine juice
  drive: car ride
  easter: holiday egg
  education: school study degree college university
  egg: hen
  emigrate: move abroad leave
  engage: propose marry ring
  enjoy: love fun
  evening: night dusk
  event: festival conference workshop party meeting parade fair
  exam: test grade fail pass
  exercise: workout gym run yoga fitness swim walk
  eye: glasses sight
  fabric: cloth wool linen
  factory: plant worker
  fail: failure mistake
  family: relative parent sibling household fam
  farm: field barn cattle cow
  farmer: farm field
  father: dad papa daddy
  favorite: best love prefer fave
  fear: afraid frighten scare
  field: subject major area
  fight: argue
  find: discover
  finish: complete end
  fire: burn
  fish: fishing
  fix: repair
  flee: escape war
  flower: rose bloom bouquet primrose tulip daisy lily violet daffodil
  food: meal dish cook eat recipe dinner lunch cuisine
  forest: wood tree
  forgive: sorry
  freeze: ice cold
  friend: buddy pal companion mate
  frighten: afraid fear
  fruit: apple berry plum cherry
  furniture: chair table bed cupboard
  game: play video board card chess
  garden: plant flower grow yard vegetable bed
  generous: give
  gift: present give receive
  glasses: eye read
  goal: aim plan target
  goose: duck bird
  graduate: degree diploma college university
  grandfather: grandpa granddad grandparent
  grandmother: grandma granny nana grandparent
  grief: mourn loss miss sad
  hair: beard
  hairdresser: hair cut barber
  hand: finger arm
  handbag: bag purse carry
  happy: glad joy excite
  hate: dislike
  health: medical doctor wellness fitness
  heart: love
  heat: warm fire stove
  help: support assist volunteer aid
  hike: trail walk mountain climb trek
  hire: employ recruit interview
  hobby: activity interest pastime passion fun enjoy
  holiday: vacation christmas easter
  home: house apartment flat
  hometown: village grow born
  hope: wish dream goal
  horse: ride pony
  hospital: clinic surgery ward
  house: home apartment cottage
  hunger: starve food
  hungry: hunger eat
  husband: wife spouse partner marry
  ice: freeze frozen cold
  identity: gender
  ill: sick disease illness hospital doctor
  illness: sick diabetes cancer stroke fever flu
  inherit: leave heir
  injury: hurt injure broke sprain accident
  insect: bee spider butterfly
  inspire: inspiration motivate influence
  instrument: piano guitar violin drum clarinet flute trumpet saxophone cello
  internet: online website
  item: thing object stuff
  jam: berry fruit
  jewelry: ring necklace bracelet
  job: work career profession occupation employ office position
  join: member sign
  joke: funny
  judge: court
  key: lock open
  kind: type sort
  king: queen royal
  kiss: love
  knit: wool sweater
  lamp: light candle
  language: speak
  laugh: funny joke humor
  law: lawyer court legal
  lawyer: attorney legal court judge
  leg: foot walk
  lend: borrow money
  letter: mail post write envelope stamp
  lie: truth
  like: enjoy love
  live: reside
  lock: key
  lonely: alone
  look: appearance
  lose: lost miss
  love: adore fond marry romance kiss
  luck: fortune
  luggage: suitcase pack
  map: road way
  marry: wedding bride groom spouse engage anniversary honeymoon
  mean: represent symbolize
  medicine: pill drug treatment
  meet: met encounter know dance
  meeting: conference gathering
  milk: cheese butter
  money: pay cost price cheap expensive finance salary income
  morning: breakfast early dawn
  mother: mom mum mama mommy
  motivate: inspire encourage drive
  mountain: hill peak
  move: relocate settle
  movie: film cinema watch
  mushroom: forest
  music: song band concert sing instrument album musician
  musician: band singer artist composer
  name: called nickname
  neighbor: neighborhood street community next door across
  nervous: anxious worry
  news: paper
  nickname: name called captain
  night: dark sleep
  old: elder age
  outdoor: nature hike park forest mountain
  own: have
  pain: ache hurt
  paint: canvas artist portrait landscape color brush wall
  parent: mother father mom mum dad mama papa
  participate: join attend involve
  party: celebrate gathering
  pay: lend borrow money owe
  personality: character trait kind
  pet: dog cat puppy kitten pup bird rabbit hamster fish parrot
  phone: call
  photo: picture photograph camera pic
  place: location spot area
  plan: intend prepare
  plane: flight fly airport
  poem: poetry verse
  police: arrest
  politician: mayor minister election
  politics: vote political election government
  poor: money poverty
  potato: vegetable
  pray: prayer
  priest: vicar pastor minister
  prison: jail arrest cell
  problem: issue trouble challenge difficulty struggle
  promise: vow swear
  promotion: promote raise
  protest: march demonstrate strike
  proud: pride
  pupil: student child school class
  purse: bag
  quarrel: argue fight row
  quit: resign retire leave
  radio: broadcast forecast music news
  raffle: prize lottery
  read: book novel
  reason: motivate inspire
  recommend: suggest
  refugee: flee war escape
  relationship: partner marry single divorce breakup date
  relative: aunt uncle cousin nephew niece
  relax: calm rest unwind peace destress
  religion: church faith god pray religious spiritual
  remains: ash grave
  remember: memory recall remind
  remind: remember memory
  repair: fix mend
  restaurant: cafe diner
  retire: stop pension work
  rich: money wealth
  river: lake stream
  road: street way path
  romance: love affair
  roof: house
  room: bedroom kitchen basement attic
  run: race marathon jog
  sad: upset unhappy cry
  sailor: ship sea navy
  save: savings bank
  say: tell mention
  school: class teacher student classroom report lesson
  secret: hide confess
  sermon: church
  sew: sewing needle dress machine
  shoe: boot slipper
  shore: beach sea water
  show: series program television tv watch
  sibling: brother sister twin
  sing: song choir voice
  sleep: bed nap night
  smell: scent
  smoke: cigarette pipe tobacco
  soldier: army military veteran war front uniform
  song: tune album music
  sound: noise
  soup: broth stew
  speech: talk presentation speak
  spider: insect
  sport: game team basketball soccer football tennis baseball swim run
  stamp: letter collect
  start: begin launch open
  station: train
  steal: theft rob
  stop: quit end
  storm: thunder lightning wind rain
  stove: oven kitchen fire
  stress: anxiety pressure overwhelm worry
  strike: union worker
  struggle: hard tough difficult
  stubborn: proud
  study: school college university learn course class degree student
  succeed: success achieve accomplish
  sugar: honey sweet
  suggest: recommend idea advice
  summer: sun hot
  sunday: weekend church
  superstition: luck omen
  support: help encourage
  surgery: operation
  swim: pool lake beach
  symbol: symbolize represent mean stand
  talk: speak chat conversation
  taste: flavor
  teach: teacher instructor lesson tutor coach
  technology: computer phone app software
  temperature: warm cold degree thermometer
  theater: play stage act perform
  therapy: counsel therapist counselor
  ticket: train theater
  tired: exhaust
  tooth: teeth dentist
  toy: doll teddy train
  train: rail station
  trait: quality kind thoughtful
  travel: trip journey visit vacation tour fly
  treat: doctor nurse heal medicine
  tree: oak walnut apple pear birch pine linden
  trip: vacation holiday travel journey roadtrip
  vacation: holiday trip
  vegetable: carrot potato bean cabbage
  village: town
  visit: travel trip
  voice: sing speak
  volunteer: charity donate community
  war: army soldier military serve
  water: sea lake river swim
  wear: dress clothes shirt coat
  weather: rain snow storm
  wedding: marry bride groom anniversary
  weekend: saturday sunday
  welcome: greet cake gift
  will: inherit testament
  win: prize award trophy medal victory
  window: glass pane
  winter: snow cold
  work: job employ office shift colleague
  worker: miner laborer factory
  write: writer author poem story journal blog letter
  young: child youth teen
  youth: teen young school
  """)

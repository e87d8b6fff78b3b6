/// Irregular English verbs and nouns, one a line: the base form, then the others. Left out: rose, which is a name.
let irregularForms = WordTable(
  """
  arise arose arisen
  awake awoke awoken
  be am is are was were been being
  bear bore borne
  beat beaten
  become became
  begin began begun
  bend bent
  bind bound
  bite bit bitten
  bleed bled
  blow blew blown
  break broke broken
  breed bred
  bring brought
  build built
  burn burnt
  buy bought
  catch caught
  choose chose chosen
  cling clung
  come came
  creep crept
  deal dealt
  dig dug
  do does did done
  draw drew drawn
  dream dreamt
  drink drank drunk
  drive drove driven
  eat ate eaten
  fall fell fallen
  feed fed
  feel felt
  fight fought
  find found
  flee fled
  fling flung
  fly flew flown
  forbid forbade forbidden
  forget forgot forgotten
  forgive forgave forgiven
  freeze froze frozen
  get got gotten
  give gave given
  go goes went gone
  grind ground
  grow grew grown
  hang hung
  have has had
  hear heard
  hide hid hidden
  hold held
  keep kept
  kneel knelt
  know knew known
  lay laid
  lead led
  lean leant
  leap leapt
  learn learnt
  leave left
  lend lent
  lie lain
  light lit
  lose lost
  make made
  mean meant
  meet met
  mistake mistook mistaken
  overcome overcame
  pay paid
  ride rode ridden
  ring rang rung
  rise risen
  run ran
  say said
  see saw seen
  seek sought
  sell sold
  send sent
  sew sewn
  shake shook shaken
  shine shone
  shoot shot
  show shown
  shrink shrank shrunk
  sing sang sung
  sink sank sunk
  sit sat
  sleep slept
  slide slid
  smell smelt
  sow sown
  speak spoke spoken
  speed sped
  spell spelt
  spend spent
  spill spilt
  spin spun
  spit spat
  spoil spoilt
  spring sprang sprung
  stand stood
  steal stole stolen
  stick stuck
  sting stung
  stink stank stunk
  strike struck stricken
  string strung
  strive strove striven
  swear swore sworn
  sweep swept
  swell swollen
  swim swam swum
  swing swung
  take took taken
  teach taught
  tear tore torn
  tell told
  think thought
  throw threw thrown
  understand understood
  wake woke woken
  wear wore worn
  weave wove woven
  weep wept
  win won
  wind wound
  withdraw withdrew withdrawn
  write wrote written
  child children
  foot feet
  goose geese
  grandchild grandchildren
  half halves
  knife knives
  leaf leaves
  life lives
  loaf loaves
  man men
  mouse mice
  person people
  scarf scarves
  self selves
  shelf shelves
  thief thieves
  tooth teeth
  wife wives
  wolf wolves
  woman women
  """)

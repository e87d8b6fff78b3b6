/// The parser of libyaml. There is deliberately no `link` line in the module map: it would put the shared library before the
/// static one that release builds use.
#include <yaml.h>

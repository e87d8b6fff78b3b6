/// Looks up a setting: in a variable, then in the profile.
struct Lookup {
  let context: AWSContext
  let profile: AWSProfile

  /// A text that is not empty.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the profile has indented lines below the key
  func text(key: String, variable: String? = nil) throws -> Sourced<String>? {
    if let variable, let value = context.variable(variable) { return Sourced(value, from: .variable(variable)) }
    guard let value = try profile.nonEmpty(key), let file = profile.file(of: key) else { return nil }
    return Sourced(value, from: .profile(profile.name, file: file))
  }

  /// `true` in upper or lower case is true, everything else false, as for botocore.
  ///
  /// - Throws: as `text(key:variable:)`
  func flag(key: String, variable: String) throws -> Sourced<Bool> {
    guard let text = try text(key: key, variable: variable) else { return Sourced(false, from: .fallback) }
    return text.map { $0.lowercased() == "true" }
  }

  /// A whole number above 0.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the value is not one
  func positive(key: String, variable: String) throws -> Sourced<Int>? {
    guard let text = try text(key: key, variable: variable) else { return nil }
    guard let number = Int(pythonStripped(text.value)), number > 0 else {
      throw Failure(
        .configInvalid,
        "\(key) (\(text.origin)) is not a whole number above 0: \(visible(text.value, limit: 40))")
    }
    return Sourced(number, from: text.origin)
  }

  /// One of a few words.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the value is none of `words`
  func choice(key: String, variable: String, of words: [String]) throws -> Sourced<String>? {
    guard let text = try text(key: key, variable: variable) else { return nil }
    guard words.contains(text.value) else {
      throw Failure(
        .configInvalid,
        "\(key) (\(text.origin)) is not one of \(words.joined(separator: ", ")): \(visible(text.value, limit: 40))")
    }
    return text
  }
}

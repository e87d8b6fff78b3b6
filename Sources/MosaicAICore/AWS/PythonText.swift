import Platform

extension LocalFile {
  /// The file at a path as the AWS CLI's variables have it: `$NAME`, `${NAME}` and a leading `~` or `~user` mean the
  /// same as in Python's `expandvars` and `expanduser`.
  init(_ path: String, expandingWith variables: [String: String], home: String) {
    self.init(expandingHome(in: expandingVariables(in: path, with: variables), home: home))
  }
}

/// Whether Python's `str.isspace` is true.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
  default: false
  }
}

/// `text` as Python's `str.strip` leaves it.
func pythonStripped(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !isPythonSpace($0) }),
    let last = scalars.lastIndex(where: { !isPythonSpace($0) })
  else { return "" }
  return String(scalars[first...last])
}

/// A string as Python's `json.dumps` writes it: ASCII only.
func pythonJSON(_ text: String) -> String {
  var result = "\""
  for unit in text.utf16 {
    switch unit {
    case 0x22: result += "\\\""
    case 0x5C: result += "\\\\"
    case 0x0A: result += "\\n"
    case 0x0D: result += "\\r"
    case 0x09: result += "\\t"
    case 0x08: result += "\\b"
    case 0x0C: result += "\\f"
    case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
    default: result += "\\u" + hexadecimal([UInt8(unit >> 8), UInt8(unit & 0xFF)])
    }
  }
  return result + "\""
}

/// Python's `os.path.expandvars`: a variable that is not set stays as written.
private func expandingVariables(in path: String, with variables: [String: String]) -> String {
  var result = String.UnicodeScalarView()
  var rest = path.unicodeScalars[...]
  while let dollar = rest.firstIndex(of: "$") {
    result.append(contentsOf: rest[..<dollar])
    let after = rest[rest.index(after: dollar)...]
    var name: Substring.UnicodeScalarView
    let end: String.Index
    if after.first == "{", let close = after.firstIndex(of: "}") {
      name = after[after.index(after: after.startIndex)..<close]
      end = after.index(after: close)
    } else {
      name = after.prefix {
        $0 == "_" || ("0"..."9").contains($0) || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
      }
      end = name.endIndex
    }
    if let value = variables[String(name)], !name.isEmpty {
      result.append(contentsOf: value.unicodeScalars)
    } else {
      name = rest[dollar..<end]
      result.append(contentsOf: name)
    }
    rest = rest[end...]
  }
  result.append(contentsOf: rest)
  return String(result)
}

/// Python's `os.path.expanduser`: an unknown user stays as written.
private func expandingHome(in path: String, home: String) -> String {
  guard path.utf8.first == UInt8(ascii: "~") else { return path }
  let name = path.dropFirst().prefix { $0 != "/" }
  let rest = path.dropFirst(1 + name.count)
  var folder = home
  if !name.isEmpty {
    guard let directory = getpwnam(String(name))?.pointee.pw_dir.flatMap({ String(validatingCString: $0) }) else {
      return path
    }
    folder = directory
  }
  while folder.hasSuffix("/") { folder.removeLast() }
  let expanded = folder + rest
  return expanded.isEmpty ? "/" : expanded
}

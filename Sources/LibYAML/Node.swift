/// A place in a YAML file; both count from 1.
package struct Mark: Equatable, Sendable {
  package let line: Int
  package let column: Int
}

/// A value in a YAML file, where aliases have been replaced by what they stand for.
package indirect enum Node: Sendable {
  case scalar(Scalar)
  case mapping(Mapping)
  case sequence(Sequence)

  /// A value that is neither a mapping nor a sequence.
  package struct Scalar: Sendable {
    /// How a scalar is written.
    package enum Style: Sendable {
      case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package let string: String
    /// The tag as it was given, in full; nil if there is none.
    package let tag: String?
    package let style: Style
    package let mark: Mark?
  }

  /// Names with values, in the order of the file.
  package struct Mapping: Swift.Sequence, Sendable {
    package let pairs: [(key: Node, value: Node)]
    package let mark: Mark?

    package var keys: [Node] { pairs.map(\.key) }

    package func makeIterator() -> IndexingIterator<[(key: Node, value: Node)]> { pairs.makeIterator() }
  }

  /// A list, in the order of the file.
  package struct Sequence: Swift.Sequence, Sendable {
    package let nodes: [Node]
    package let mark: Mark?

    package func makeIterator() -> IndexingIterator<[Node]> { nodes.makeIterator() }
  }

  package var scalar: Scalar? { if case .scalar(let scalar) = self { scalar } else { nil } }

  package var mark: Mark? {
    switch self {
    case .scalar(let scalar): scalar.mark
    case .mapping(let mapping): mapping.mark
    case .sequence(let sequence): sequence.mark
    }
  }
}

/// Why a file cannot be read.
package enum YAMLError: Error {
  /// In libyaml's words; nil if it has no place.
  case syntax(String, Mark?)
  /// Names that are given twice in one mapping, in alphabetical order, and where the first of them is.
  case duplicatedKeys([String], Mark)
}

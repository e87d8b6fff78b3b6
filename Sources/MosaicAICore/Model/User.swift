/// A person who uses the program.
package struct User: Equatable, Sendable {
  package let id: UserID
  package let handle: String
}

/// Who is typing.
package struct User: Equatable, Sendable {
  package let id: UserID
  package let handle: String
}

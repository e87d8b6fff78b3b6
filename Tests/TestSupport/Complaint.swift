/// What is wrong, in a test's own words.
package struct Complaint: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

import Tracing

extension Telemetry {
  /// The transport, with a span for each request.
  package func observing(_ transport: any HTTPTransport) -> any HTTPTransport {
    TracingTransport(transport: transport, telemetry: self)
  }
}

/// A transport that knows how long its requests take.
private struct TracingTransport: HTTPTransport {
  let transport: any HTTPTransport
  let telemetry: Telemetry

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    try telemetry.recorder.withSpan(request.method, ofKind: .client) { span in
      let url = URLParts(request.url)
      span.updateAttributes { attributes in
        attributes["http.request.method"] = request.method
        // A query may hold what is secret.
        attributes["url.full"] = "\(url.scheme)://\(url.authority)\(url.path)"
        attributes.describe(url)
      }
      defer {
        if let status = receiver.head?.status { note(status, in: span) }
      }
      try transport.send(request, timeouts: timeouts, cancellation: cancellation, to: receiver)
    }
  }

  private func note(_ status: Int, in span: RecordedSpan) {
    span.attributes["http.response.status_code"] = status
    guard status >= 400 else { return }
    span.attributes["error.type"] = String(status)
    span.setStatus(SpanStatus(code: .error))
  }
}

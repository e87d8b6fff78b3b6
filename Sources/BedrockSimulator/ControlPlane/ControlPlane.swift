import MosaicAICore

/// Bedrock's control plane, as far as a model's details go.
struct ControlPlane: Sendable {
  /// The operations, by the first segment of their path.
  enum Operation: String, Sendable {
    case getFoundationModel = "foundation-models"
    case getInferenceProfile = "inference-profiles"
  }

  /// The region that was asked.
  let region: String

  /// What the operation answers.
  ///
  /// - Throws: the error that AWS answers with
  func answer(_ operation: Operation, for model: ModelID, _ entry: CatalogEntry) throws(ServiceError) -> JSON {
    switch operation {
    case .getFoundationModel: try foundationModel(model, entry)
    case .getInferenceProfile: try inferenceProfile(model, entry)
    }
  }

  /// `GET /foundation-models/ID`.
  private func foundationModel(_ model: ModelID, _ entry: CatalogEntry) throws(ServiceError) -> JSON {
    guard let id = model.foundationModel else { throw .invalidModel }
    let name = ModelName(id)
    let lifecycle = try entry.lifecycle(of: modelARN(id, in: region), operation: "GetFoundationModel")
    // Models that cannot be called by their own id have to be called by a profile's.
    let inferenceType = (try? model.checkExistence()) == nil ? "INFERENCE_PROFILE" : "ON_DEMAND"
    return [
      "modelDetails": [
        "modelArn": .string(modelARN(id, in: region)), "modelId": .string(String(id)),
        "modelName": .string(name.model), "providerName": .string(name.provider),
        "inputModalities": ["TEXT", "IMAGE"], "outputModalities": ["TEXT"], "responseStreamingSupported": true,
        "customizationsSupported": [], "inferenceTypesSupported": [.string(inferenceType)],
        "modelLifecycle": lifecycle,
      ]
    ]
  }

  /// `GET /inference-profiles/ID`.
  private func inferenceProfile(_ model: ModelID, _ entry: CatalogEntry) throws(ServiceError) -> JSON {
    guard let profile = InferenceProfile(model, in: region) else { throw .invalidModel }
    let kind = profile.isApplication ? "application-inference-profile" : "inference-profile"
    let arn = "arn:\(partition):bedrock:\(region):123456789012:\(kind)/\(profile.id)"
    _ = try entry.lifecycle(of: arn, operation: "GetInferenceProfile")
    return [
      "inferenceProfileName": .string(profile.name), "inferenceProfileArn": .string(arn),
      "inferenceProfileId": .string(profile.id),
      "models": .array(profile.regions.map { ["modelArn": .string(modelARN(profile.model[...], in: $0))] }),
      "status": "ACTIVE", "type": .string(profile.isApplication ? "APPLICATION" : "SYSTEM_DEFINED"),
      "createdAt": "2026-02-17T00:00:00Z", "updatedAt": "2026-02-17T00:00:00Z",
    ]
  }

  private func modelARN(_ id: Substring, in region: String) -> String {
    "arn:\(partition):bedrock:\(region)::foundation-model/\(id)"
  }

  private var partition: String {
    region.hasPrefix("us-gov-") ? "aws-us-gov" : region.hasPrefix("cn-") ? "aws-cn" : "aws"
  }
}

import ArgumentParser
@main struct BedrockSimulator: ParsableCommand {}

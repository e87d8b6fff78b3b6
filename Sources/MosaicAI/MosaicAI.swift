import ArgumentParser
@main struct MosaicAI: ParsableCommand {}

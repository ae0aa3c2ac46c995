namespace Orchestrator.Transports;

/// <summary>
/// A peer sent what it may not; its connection ends here. The message names what, and repeats
/// nothing that the peer sent.
/// </summary>
internal sealed class ProtocolException(string message) : Exception(message);

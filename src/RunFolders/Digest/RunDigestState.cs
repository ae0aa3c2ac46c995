namespace Orchestrator.RunFolders;

/// <summary>What a checkpoint keeps of a run's digest.</summary>
/// <param name="Pushes">The chain over the push records.</param>
/// <param name="Evaluations">The chain over the evaluations.</param>
/// <param name="MoreSets">The chain over their values on other sets than the test samples; null
/// where there are none.</param>
public sealed record RunDigestState(DigestChainState Pushes, DigestChainState Evaluations, DigestChainState? MoreSets = null);

/// <summary>One chain between two of its records.</summary>
/// <param name="Records">Records so far.</param>
/// <param name="Previous">Link over the complete blocks, hexadecimal.</param>
/// <param name="Pending">Bytes of the records since, base64.</param>
public sealed record DigestChainState(long Records, string Previous, string Pending);

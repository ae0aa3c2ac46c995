namespace Orchestrator.Abstractions;

/// <summary>
/// On a string option that names a file or a folder: what it holds is part of what a run computes,
/// so results are kept under its content, not its path. Files of a dataset need it not: their
/// samples have a fingerprint.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NamesFileAttribute : Attribute;

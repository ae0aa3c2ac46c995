namespace Orchestrator.Composition.Data;

/// <summary>One address, or all of them, did not give a file.</summary>
internal sealed class DownloadException(string message) : Exception(message);

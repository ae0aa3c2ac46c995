namespace Orchestrator.Composition.Data;

/// <summary>How far one file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Received">Bytes on disk, those of earlier attempts included.</param>
/// <param name="Length">Bytes in all.</param>
public readonly record struct DownloadProgress(string File, long Received, long Length);

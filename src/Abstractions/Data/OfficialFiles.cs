namespace Orchestrator.Abstractions;

/// <summary>
/// The files that a dataset's authors publish, so that they can be downloaded, or placed by hand,
/// and checked.
/// </summary>
/// <param name="Terms">Who publishes them and on what terms, in one line.</param>
/// <param name="Files">What to get; each belongs into the folder that has the dataset's
/// name.</param>
public sealed record OfficialFiles(string Terms, IReadOnlyList<OfficialFile> Files);

/// <summary>One file to download.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Addresses">HTTP or HTTPS addresses of the same bytes, in order of
/// preference.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Hexadecimal SHA-256 of the file.</param>
/// <param name="Members">For a .tar.gz: what to take out of it; empty where the file itself is
/// wanted.</param>
public sealed record OfficialFile(string Name, IReadOnlyList<string> Addresses, long Length, string Sha256, IReadOnlyList<ArchiveMember> Members);

/// <summary>A file inside an archive.</summary>
/// <param name="Path">Its path in the archive, with forward slashes; the last part names the file
/// on disk.</param>
/// <param name="Length">Bytes.</param>
public sealed record ArchiveMember(string Path, long Length);

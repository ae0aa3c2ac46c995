using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// What lets a host in: a secret, and the fingerprint of the server's certificate where there is
/// one. Never shown.
/// </summary>
internal sealed class Token
{
    private const string FirstLine = "orchestrator token 1";
    private const int LargestFile = 4_096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private Token(byte[] secret, byte[]? fingerprint) => (Secret, Fingerprint) = (secret, fingerprint);

    /// <summary>For links where the operating system says who the peer is.</summary>
    public static Token None { get; } = new([], null);

    public byte[] Secret { get; }

    /// <summary>SHA-256 of the certificate; null where the link is not encrypted.</summary>
    public byte[]? Fingerprint { get; }

    public static Token Create(byte[]? fingerprint) => new(RandomNumberGenerator.GetBytes(32), fingerprint);

    /// <summary>
    /// Writes the token to a file that its owner alone can read, replacing what is there.
    /// </summary>
    public void Write(string path)
    {
        var created = path + ".new";
        File.Delete(created);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new StreamWriter(created, options))
        {
            file.Write($"{FirstLine}\nsecret {Convert.ToHexStringLower(Secret)}\n");
            if (Fingerprint is not null)
            {
                file.Write($"certificate sha256 {Convert.ToHexStringLower(Fingerprint)}\n");
            }
        }

        File.Move(created, path, overwrite: true);
    }

    /// <summary>Whether a file holds this token.</summary>
    public bool IsIn(string path)
    {
        try
        {
            return Read(path).Secret.AsSpan().SequenceEqual(Secret);
        }
        catch (Abstractions.TransportException)
        {
            return false;
        }
    }

    /// <exception cref="Orchestrator.Abstractions.TransportException">It cannot be read, is no
    /// token file, or others can read it.</exception>
    public static Token Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly & (UnixFileMode)0b111_111_111) != 0)
            {
                throw new Abstractions.TransportException($"{path}: others may read this token file; make it yours alone (chmod 600).");
            }

            return Parse(Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path, LargestFile)).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
                ?? throw new Abstractions.TransportException($"{path}: this is no token file of this program.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Abstractions.TransportException($"{path}: the token file cannot be read ({e.Message})", e);
        }
    }

    private static Token? Parse(string[] lines)
    {
        try
        {
            return lines switch
            {
                [FirstLine, { Length: 71 } secret] when secret.StartsWith("secret ", StringComparison.Ordinal) =>
                    new Token(Convert.FromHexString(secret[7..]), null),
                [FirstLine, { Length: 71 } secret, { Length: 83 } certificate]
                    when secret.StartsWith("secret ", StringComparison.Ordinal) && certificate.StartsWith("certificate sha256 ", StringComparison.Ordinal) =>
                    new Token(Convert.FromHexString(secret[7..]), Convert.FromHexString(certificate[19..])),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

using System.Security.Cryptography;

namespace Orchestrator.Transports;

/// <summary>
/// Each end shows that it knows the secret without sending it: HMAC-SHA256 over who it is, both
/// ends' nonces and the certificate's fingerprint, so that a proof serves once, in one direction,
/// on one server.
/// </summary>
internal static class Proof
{
    public const int Length = 32;

    public static byte[] Nonce() => RandomNumberGenerator.GetBytes(Length);

    public static byte[] OfHost(Token token, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hostNonce) => Make(token, "host"u8, serverNonce, hostNonce);

    public static byte[] OfServer(Token token, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hostNonce) => Make(token, "server"u8, serverNonce, hostNonce);

    /// <summary>In a time that does not tell where they differ.</summary>
    public static bool Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> shown) => CryptographicOperations.FixedTimeEquals(expected, shown);

    private static byte[] Make(Token token, ReadOnlySpan<byte> who, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hostNonce)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, token.Secret);
        mac.AppendData(who);
        mac.AppendData(serverNonce);
        mac.AppendData(hostNonce);
        mac.AppendData(token.Fingerprint ?? []);
        return mac.GetHashAndReset();
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The server's certificate, which hosts know by its fingerprint alone: names, dates and issuers in
/// it mean nothing.
/// </summary>
internal static class Certificates
{
    public static byte[] Fingerprint(X509Certificate certificate) => SHA256.HashData(certificate.GetRawCertData());

    public static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=orchestrator", key, HashAlgorithmName.SHA256);
        var (from, to) = (new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var made = request.CreateSelfSigned(from, to);
        return Keyed(made);
    }

    /// <exception cref="TransportException">The file cannot be read, or holds no certificate with
    /// its key.</exception>
    public static X509Certificate2 Load(string file)
    {
        try
        {
            // A pipe would be waited for.
            RegularFile.Open(file).Dispose();
            using var loaded = X509Certificate2.CreateFromPemFile(file);
            return Keyed(loaded);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new TransportException($"{file}: a PEM file with a certificate and its private key is needed ({e.Message})", e);
        }
    }

    // Through PKCS 12, because not every platform's TLS takes a key that was never stored.
    private static X509Certificate2 Keyed(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}

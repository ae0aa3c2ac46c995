using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Telemetry.Tests;

/// <summary>
/// A private authority, and what it signed for a receiver on this machine and for who sends to it;
/// as PEM files in a folder.
/// </summary>
internal sealed class LabCertificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 client;
    private readonly string folder;

    public LabCertificates(string folder)
    {
        this.folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Lab CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Server = Sign("localhost", ServerUse);
        client = Sign("sender", ClientUse);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(ClientFile, client.ExportCertificatePem());
        File.WriteAllText(ClientKeyFile, client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Server { get; }

    public string AuthorityFile => Path.Combine(folder, "ca.pem");

    public string ClientFile => Path.Combine(folder, "client.pem");

    public string ClientKeyFile => Path.Combine(folder, "client.key");

    public bool IsClient(X509Certificate2 certificate) => certificate.Thumbprint == client.Thumbprint;

    public void Dispose()
    {
        authority.Dispose();
        Server.Dispose();
        client.Dispose();
    }

    private X509Certificate2 Sign(string name, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var keyed = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(keyed.Export(X509ContentType.Pkcs12), password: null);
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Transports;

/// <summary>TLS between a run's server and its hosts.</summary>
internal static class SecuredStreams
{
    private const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;

    public static SslStream Serve(Stream stream, X509Certificate2 certificate)
    {
        var secured = new SslStream(stream);
        secured.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            EnabledSslProtocols = Allowed,
            ClientCertificateRequired = false,
            AllowRenegotiation = false,
        });
        return secured;
    }

    /// <exception cref="RefusedException">The server shows another certificate.</exception>
    public static SslStream Connect(Stream stream, byte[] fingerprint)
    {
        byte[]? shown = null;
        var secured = new SslStream(stream);
        try
        {
            secured.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "orchestrator",
                EnabledSslProtocols = Allowed,
                AllowRenegotiation = false,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown = certificate is null ? null : Certificates.Fingerprint(certificate);
                    return shown is not null && Proof.Same(fingerprint, shown);
                },
            });
        }
        catch (AuthenticationException e)
        {
            throw shown is null || Proof.Same(fingerprint, shown)
                ? new ProtocolException($"TLS failed ({e.Message})")
                : new RefusedException($"the server's certificate has the fingerprint {Convert.ToHexStringLower(shown)}, the token file names {Convert.ToHexStringLower(fingerprint)}");
        }

        return secured;
    }
}

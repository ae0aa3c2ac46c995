using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Abstractions;

namespace Orchestrator.Telemetry;

/// <summary>
/// Whom to trust and who we are, from <c>OTEL_EXPORTER_OTLP_CERTIFICATE</c>,
/// <c>_CLIENT_CERTIFICATE</c> and <c>_CLIENT_KEY</c>, the same for all signals' requests. What
/// cannot be read is warned about and left out.
/// </summary>
internal static class OtlpCertificates
{
    private const int MostBytes = 4 << 20;

    /// <summary>How connections of a signal are secured.</summary>
    public static SslClientAuthenticationOptions Of(string signal, OtelVariables environment)
    {
        var options = new SslClientAuthenticationOptions();
        if (environment.Otlp(signal, "CERTIFICATE") is { } trusted && Read(trusted, Bundle, "a file with certificates in PEM", environment) is { } roots)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            options.CertificateChainPolicy = policy;
        }

        if (Own(signal, environment) is { } own)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true);
        }

        return options;
    }

    private static X509Certificate2? Own(string signal, OtelVariables environment)
    {
        var key = environment.Otlp(signal, "CLIENT_KEY");
        if (environment.Otlp(signal, "CLIENT_CERTIFICATE") is not { } certificate)
        {
            if (key is { } alone)
            {
                environment.Warn(alone.Name, alone.Value, "the key of a certificate that OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE names, which is not set");
            }

            return null;
        }

        if (key is null)
        {
            return Read(certificate, path => Keyed(Text(path), Text(path)), "a file with a certificate and its key in PEM, or the certificate's with OTEL_EXPORTER_OTLP_CLIENT_KEY", environment);
        }

        // Told apart, so that the one is blamed which is wrong.
        return Read(certificate, path => X509Certificate2.CreateFromPem(Text(path)), "a file with a certificate in PEM", environment) is null
            ? null
            : Read(key.Value, path => Keyed(Text(certificate.Value), Text(path)), "a file with the client certificate's key in PEM, without a password", environment);
    }

    // Through PKCS#12: the system's TLS on Windows takes no key that lives in memory only.
    private static X509Certificate2 Keyed(string certificate, string key)
    {
        using var pair = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);
    }

    private static X509Certificate2Collection Bundle(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Text(path));
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate");
    }

    private static string Text(string path) => System.Text.Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path, MostBytes));

    private static T? Read<T>((string Name, string Value) variable, Func<string, T> read, string allowed, OtelVariables environment)
        where T : class
    {
        try
        {
            return read(variable.Value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            environment.Warn(variable.Name, variable.Value, $"{allowed} ({failure.Message})");
            return null;
        }
    }
}

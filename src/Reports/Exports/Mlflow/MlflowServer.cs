using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Orchestrator.Reports;

/// <summary>An MLflow tracking server, and how it lets one in.</summary>
/// <param name="Address">As <c>MLFLOW_TRACKING_URI</c> has it: <c>http</c> or <c>https</c>.</param>
/// <param name="Authorization">Null where it asks for none.</param>
public sealed record MlflowServer(Uri Address, AuthenticationHeaderValue? Authorization)
{
    private const string UriName = "MLFLOW_TRACKING_URI";
    private const string TokenName = "MLFLOW_TRACKING_TOKEN";
    private const string UserName = "MLFLOW_TRACKING_USERNAME";
    private const string PasswordName = "MLFLOW_TRACKING_PASSWORD";

    /// <summary>Reads what a user gave and MLflow's own variables.</summary>
    /// <param name="given">Of the command line; null takes <c>MLFLOW_TRACKING_URI</c>.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="InvalidDataException">There is no server in it, or one that would be sent a
    /// password in the clear.</exception>
    public static MlflowServer Read(string? given, Func<string, string?> variable)
    {
        var text = given ?? variable(UriName);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidDataException($"--uri: no tracking server is named; allowed: http://HOST:PORT or https://HOST, here or in {UriName}.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
        {
            throw new InvalidDataException($"--uri: '{text}' is no address of a tracking server; allowed: http://HOST:PORT or https://HOST, user and password in {UserName} and {PasswordName}, or a token in {TokenName}.");
        }

        var authorization = variable(TokenName) is { Length: > 0 } token ? new AuthenticationHeaderValue("Bearer", token)
            : variable(UserName) is { Length: > 0 } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{variable(PasswordName)}")))
            : null;
        return authorization is null || address.Scheme == "https" || IsThisMachine(address)
            ? new MlflowServer(new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), authorization)
            : throw new InvalidDataException($"--uri: {address} would be sent a password or a token that everybody on the way can read; allowed: https.");
    }

    private static bool IsThisMachine(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}

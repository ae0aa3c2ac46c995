using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Orchestrator.Live;

/// <summary>
/// Who may ask for what. A page of another site that a browser was tricked into taking for this
/// server (DNS rebinding) shows itself by the name that it asks for; what another site embeds or
/// fetches shows itself too.
/// </summary>
/// <param name="address">What the server was told to listen at.</param>
/// <param name="isLoopback">Whether that is this machine alone.</param>
/// <param name="secret">What lets a browser in, hexadecimal; null where nothing is needed.</param>
internal sealed class Guard(string address, bool isLoopback, string? secret)
{
    private const string Parameter = "token";
    private const string Cookie = "orchestrator-token";
    private const string Bearer = "Bearer ";

    /// <summary>Answers a request that may not be answered otherwise.</summary>
    /// <returns>Whether it was answered.</returns>
    public bool Refuses(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return Refuse(response, StatusCodes.Status405MethodNotAllowed, "This server only shows.");
        }

        if (!IsOurs(request.Host.Host))
        {
            return Refuse(response, StatusCodes.Status421MisdirectedRequest, "This server does not go by that name.");
        }

        if (request.Headers["Sec-Fetch-Site"] is [("cross-site" or "same-site")] && request.Headers["Sec-Fetch-Mode"] is not ["navigate"])
        {
            return Refuse(response, StatusCodes.Status403Forbidden, "Other sites may link here, and no more.");
        }

        return secret is not null && !LetsIn(request, response);
    }

    private bool IsOurs(string host)
    {
        var name = host.Trim('[', ']');
        return IPAddress.TryParse(name, out var ip)
            ? !isLoopback || IPAddress.IsLoopback(ip)
            : name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.Equals(address, StringComparison.OrdinalIgnoreCase) || (!isLoopback && IsMachine(name));
    }

    private static bool IsMachine(string name) =>
        name.Split('.')[0].Equals(Environment.MachineName.Split('.')[0], StringComparison.OrdinalIgnoreCase);

    // A browser brings the token once, in the address, and keeps it as a cookie that no script and
    // no other site can use.
    private bool LetsIn(HttpRequest request, HttpResponse response)
    {
        if (request.Query.TryGetValue(Parameter, out var given) && IsSecret(given))
        {
            response.Cookies.Append(CookieOf(request), secret!, new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/" });
            response.Redirect("/" + request.Path.ToUriComponent().TrimStart('/'));
            return false;
        }

        var header = request.Headers.Authorization.ToString();
        if (IsSecret(request.Cookies[CookieOf(request)]) || (header.StartsWith(Bearer, StringComparison.Ordinal) && IsSecret(header[Bearer.Length..])))
        {
            return true;
        }

        Refuse(
            response, StatusCodes.Status401Unauthorized,
            "A token is needed: open this address with ?token=SECRET behind it; the secret stands in the token file that the program named.");
        return false;
    }

    // Cookies do not tell ports apart, and one machine may have several servers.
    private static string CookieOf(HttpRequest request) => FormattableString.Invariant($"{Cookie}-{request.Host.Port ?? 0}");

    private bool IsSecret(StringValues given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.ToString()), Encoding.UTF8.GetBytes(secret!));

    private static bool Refuse(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.ContentLength = Encoding.UTF8.GetByteCount(text);
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            // A sentence fits every buffer.
            response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));
        }

        return true;
    }
}

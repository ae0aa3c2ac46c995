using System.Net;
using System.Security.Cryptography;
using Orchestrator.Live;

namespace Orchestrator.Reports.Tests;

/// <summary>Who may ask for what, over real sockets.</summary>
public sealed class LiveServerTests
{
    [Fact]
    public async Task Only_this_machine_is_answered_and_only_with_what_there_is()
    {
        using var run = new MadeRun("served", 2, 100);
        using var served = new ServedRuns(run.Output);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var page = served.PageOf(run.Folder);

        using var found = await Ask(client, HttpMethod.Get, page);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        var policy = Assert.Single(found.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(found.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-store", found.Headers.CacheControl!.ToString());
        Assert.False(found.Headers.Contains("Access-Control-Allow-Origin"));

        (string Name, HttpMethod Method, string Address, string? Header, string? Value, HttpStatusCode Expected)[] cases =
        [
            ("a head", HttpMethod.Head, page, null, null, HttpStatusCode.OK),
            ("another name", HttpMethod.Get, page, "Host", "evil.example", HttpStatusCode.MisdirectedRequest),
            ("another address", HttpMethod.Get, page, "Host", "203.0.113.7", HttpStatusCode.MisdirectedRequest),
            ("a tunnel", HttpMethod.Get, page, "Host", "localhost:9999", HttpStatusCode.OK),
            ("version 6", HttpMethod.Get, page, "Host", "[::1]:80", HttpStatusCode.OK),
            ("another site", HttpMethod.Get, page + "/events", "Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden),
            ("a change", HttpMethod.Post, page, null, null, HttpStatusCode.MethodNotAllowed),
            ("a removal", HttpMethod.Delete, page, null, null, HttpStatusCode.MethodNotAllowed),
            ("no run", HttpMethod.Get, page + "1", null, null, HttpStatusCode.NotFound),
            ("no sweep", HttpMethod.Get, page.Replace("/runs/", "/sweeps/", StringComparison.Ordinal), null, null, HttpStatusCode.NotFound),
            ("above", HttpMethod.Get, served.Address + "runs/..%2f..%2f/etc", null, null, HttpStatusCode.NotFound),
            ("above, encoded", HttpMethod.Get, served.Address + "runs/%2e%2e%5c/%252e%252e", null, null, HttpStatusCode.NotFound),
            ("hidden", HttpMethod.Get, served.Address + "runs/.sweeps/0123456789ab-1", null, null, HttpStatusCode.NotFound),
        ];
        foreach (var (name, method, address, header, value, expected) in cases)
        {
            using var answer = await Ask(client, method, address, header, value);
            Assert.True(answer.StatusCode == expected, $"{name}: {answer.StatusCode}");
        }

        // Why a sweep cannot be shown is said to whoever asks.
        var broken = Directory.CreateDirectory(Path.Combine(run.Output, "broken", "sweep-0123456789ab"));
        await File.WriteAllTextAsync(Path.Combine(broken.FullName, "sweep.json"), "{", TestContext.Current.CancellationToken);
        using var refused = await Ask(client, HttpMethod.Get, served.Address + "sweeps/broken/sweep-0123456789ab");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal("text/plain", refused.Content.Headers.ContentType!.MediaType);
        Assert.Contains("its sweep.json cannot be read", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // What asks once more at its end gets the end, and the process its exit code.
        Assert.Equal(0, served.End());
    }

    [Fact]
    public async Task Under_TLS_only_the_token_lets_in()
    {
        using var run = new MadeRun("secret", 2, 100);
        var tokenFile = Path.Combine(run.Output, "watch.token");
        using var served = new ServedRuns(run.Output, "--token-file", tokenFile);
        Assert.Equal(tokenFile, served.TokenFile);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tokenFile));
        }

        var lines = await File.ReadAllLinesAsync(tokenFile, TestContext.Current.CancellationToken);
        var (secret, fingerprint) = (lines[1].Split(' ')[^1], lines[2].Split(' ')[^1]);
        using var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                Convert.ToHexStringLower(SHA256.HashData(certificate!.RawData)) == fingerprint,
        };
        using var client = new HttpClient(handler);
        Assert.StartsWith("https://", served.Address, StringComparison.Ordinal);
        var page = served.PageOf(run.Folder);

        using var without = await Ask(client, HttpMethod.Get, page);
        using var wrong = await Ask(client, HttpMethod.Get, page + "?token=" + new string('0', secret.Length));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (without.StatusCode, wrong.StatusCode));
        Assert.DoesNotContain(secret, await without.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var once = await Ask(client, HttpMethod.Get, page + "?token=" + secret);
        Assert.Equal((HttpStatusCode.Redirect, new Uri(page).AbsolutePath), (once.StatusCode, once.Headers.Location!.ToString()));
        Assert.Contains("; secure; samesite=strict; httponly", Assert.Single(once.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        using var then = await Ask(client, HttpMethod.Get, page);
        Assert.Equal(HttpStatusCode.OK, then.StatusCode);

        served.End();
        Assert.False(File.Exists(tokenFile));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/runs/a/b-1", true)]
    [InlineData("/runs/a/b-1/events", true)]
    [InlineData("/runs/ä ö/b-1", true)]
    [InlineData("/runs/a", false)]
    [InlineData("/runs/a/..", false)]
    [InlineData("/runs/.hidden/b-1", false)]
    [InlineData("/runs/a/b\\c", false)]
    [InlineData("/runs/c:/b-1", false)]
    [InlineData("/runs/a/b\u0000-1", false)]
    [InlineData("/etc/a/b", false)]
    public void A_path_names_one_folder(string path, bool isOne) => Assert.Equal(isOne, PageAddress.Parse(path, out _) is not null);

    private static async Task<HttpResponseMessage> Ask(HttpClient client, HttpMethod method, string address, string? header = null, string? value = null)
    {
        // Uri would tidy up what a hostile client does not.
        using var request = new HttpRequestMessage(method, new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}

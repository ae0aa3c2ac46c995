using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Orchestrator.Reports.Tests;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Orchestrator.Reports.Tests;

/// <summary>
/// The system's own Chromium, started once for all tests. Tests that need it say so when there is
/// none.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } executable)
        {
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-gpu"], Timeout = 60_000 });
        }
    }

    /// <summary>Opens a page as a person does: a file from disk, or an address.</summary>
    /// <param name="file">The page.</param>
    /// <param name="width">Of the window, px.</param>
    /// <param name="scheme">Light or dark.</param>
    public async Task<OpenPage> OpenAsync(string file, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        if (browser is null)
        {
            Assert.Skip($"No browser: none of {string.Join(", ", Names)} is on the PATH.");
        }

        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        context.SetDefaultTimeout(60_000);
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.GoToAsync(file);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(_ => Names, (folder, name) => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>A page that is open, and all that it complained of or asked for.</summary>
public sealed class OpenPage(IBrowserContext context, IPage page) : IAsyncDisposable
{
    private readonly List<string> complaints = [];
    private readonly List<string> requests = [];

    public IPage Page => page;

    /// <summary>
    /// What went wrong: console messages of errors and warnings, exceptions, dialogs.
    /// </summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>What it asked for beside itself.</summary>
    public IReadOnlyList<string> Requests => requests;

    public async Task GoToAsync(string place)
    {
        var address = new Uri(place).AbsoluteUri;
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complain(true, error);
        page.Dialog += async (_, dialog) =>
        {
            Complain(true, "dialog: " + dialog.Message);
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url != address)
            {
                requests.Add(request.Url);
            }
        };
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-ready]");
    }

    /// <summary>What an expression comes to in the page.</summary>
    public Task<T> Ask<T>(string expression) => page.EvaluateAsync<T>(expression);

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task UntilAsync(string expression, int seconds = 60) => page.WaitForFunctionAsync($"() => {expression}", null, new() { Timeout = seconds * 1000 });

    /// <summary>The values of a line of a chart.</summary>
    public Task<double?[]> SeriesOf(string chart, string name) =>
        Ask<double?[]>(
            $"echarts.getInstanceByDom($('{chart}')).getOption().series.find(one => one.name === '{name}' && one.type === 'line').data.map(point => "
                + "(point.value ?? point)[1])");

    /// <summary>How many colours the pixels of a chart have.</summary>
    public Task<int> ColoursOf(string chart) => Ask<int>($$"""
        (() => {
          const canvas = $('{{chart}}').querySelector('canvas');
          const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          return new Set(pixels).size;
        })()
        """);

    /// <summary>
    /// The whole page as a picture, where somebody wants to look: in the folder that
    /// ORCHESTRATOR_SCREENSHOTS names.
    /// </summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    /// <summary>
    /// Whether it fits its window and is accessible on a screen and on a phone, in light and in
    /// dark.
    /// </summary>
    /// <param name="name">Of its pictures.</param>
    public async Task FitsEveryWindowAsync(string name)
    {
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (360, ColorScheme.Dark), (360, ColorScheme.Light) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });

            // Charts follow their window a moment later; a page that stays wider than it does not.
            await UntilAsync("document.documentElement.scrollWidth <= innerWidth");
            await PictureAsync($"{name}-{width}-{scheme}");
            var found = await page.RunAxe();
            Assert.Empty(found.Violations.Select(v => $"{v.Id}: {v.Help} ({string.Join("; ", v.Nodes.Take(3).Select(node => node.Html))})"));
        }

        Assert.Empty(complaints);
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private void Complain(bool counts, string text)
    {
        if (counts)
        {
            complaints.Add(text);
        }
    }
}

using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Certificates.Pages;

/// <summary>All signing certificates, the next to end first, and each step of a rotation for one application or several (flow C).</summary>
internal sealed class CertificatesModel(
    CertificateQueries queries,
    CertificateRotation rotation,
    ITexts texts
) : PageModel
{
    public const int Size = 50;

    /// <summary>For how many applications one press does something: a key takes a moment to make.</summary>
    public const int MostAtOnce = 200;

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    // As the pager calls it; "page" is also the name of a route value, which would win.
    [BindProperty(SupportsGet = true), FromQuery(Name = "p")]
    public int Number { get; set; } = 1;

    /// <summary>When several switch, in UTC; empty for now.</summary>
    [BindProperty]
    public string? At { get; set; }

    /// <summary>The application whose own button was pressed.</summary>
    [BindProperty]
    public Guid? One { get; set; }

    /// <summary>Those that are ticked.</summary>
    [BindProperty]
    public List<Guid> Chosen { get; set; } = [];

    /// <summary>Whether all are meant, on whichever page.</summary>
    [BindProperty]
    public bool All { get; set; }

    public CertifiedPage List { get; private set; } = new([], 0);

    public Task OnGetAsync(CancellationToken cancellationToken) => ShowAsync(cancellationToken);

    public Task<IActionResult> OnPostStartAsync(CancellationToken cancellationToken) =>
        DoAsync(
            "start",
            // Whoever has just switched does not want to begin again with all the others.
            row => row.Set is { Next: null, Former.Count: 0 },
            id => rotation.StartAsync(id, null, cancellationToken),
            cancellationToken
        );

    public async Task<IActionResult> OnPostSwitchAsync(CancellationToken cancellationToken)
    {
        var at = PlannedTime.Read(One is null ? At : null);
        if (at.Problem is { } problem)
        {
            ModelState.AddModelError(nameof(At), texts.Say(problem));
            await ShowAsync(cancellationToken);
            return Page();
        }
        return await DoAsync(
            "switch",
            row => row.Set.Next is not null,
            id => rotation.SwitchAsync(id, at.Value, cancellationToken),
            cancellationToken
        );
    }

    public Task<IActionResult> OnPostUndoAsync(CancellationToken cancellationToken) =>
        DoAsync(
            "undo",
            row => row.Set.Previous is not null || row.Set.SwitchAt is not null,
            id => rotation.UndoAsync(id, cancellationToken),
            cancellationToken
        );

    /// <summary>Retires the old certificate of one application.</summary>
    public Task<IActionResult> OnPostRetireAsync(CancellationToken cancellationToken) =>
        DoAsync(
            "retire",
            row => row.Set.Former.Count > 0,
            async id =>
            {
                var set = await rotation.OfAsync(id, cancellationToken);
                return set.Former.Count == 0
                    ? set
                    : await rotation.RetireAsync(id, set.Former[0].Id, cancellationToken);
            },
            cancellationToken
        );

    private async Task<IActionResult> DoAsync(
        string step,
        Func<CertifiedApplication, bool> fits,
        Func<Guid, Task<Outcome<CertificateSet>>> act,
        CancellationToken cancellationToken
    )
    {
        var rows = await MeantAsync(fits, cancellationToken);
        if (rows.Count == 0)
        {
            ModelState.AddModelError(
                "",
                texts.Say(
                    new Problem(
                        One is null && Chosen.Count == 0 && !All
                            ? "rotation-none-chosen"
                            : "rotation-none-fits",
                        ""
                    )
                )
            );
        }
        var done = 0;
        foreach (var row in rows)
        {
            var outcome = await act(row.Application.Id);
            done += outcome.Ok ? 1 : 0;
            foreach (var problem in outcome.Problems)
            {
                ModelState.AddModelError("", $"{row.Application.Label}: {texts.Say(problem)}");
            }
        }
        if (done > 0)
        {
            this.Toast(texts[$"certificates.toast.{step}", done]);
        }
        if (ModelState.IsValid)
        {
            return Redirect(
                "/admin/certificates"
                    + QueryString.Create(Request.Query.Where(pair => pair.Key != "handler"))
            );
        }
        await ShowAsync(cancellationToken);
        return Page();
    }

    private async Task<IReadOnlyList<CertifiedApplication>> MeantAsync(
        Func<CertifiedApplication, bool> fits,
        CancellationToken cancellationToken
    )
    {
        if (One is { } one)
        {
            // What has changed meanwhile is said by the service, which knows better.
            return await queries.FindAsync(one, cancellationToken) is { } row ? [row] : [];
        }
        if (!All)
        {
            return
            [
                .. (await queries.FindAsync(Chosen, cancellationToken))
                    .Where(fits)
                    .Take(MostAtOnce),
            ];
        }
        var all = await queries.ListAsync(Search, 1, int.MaxValue, cancellationToken);
        return [.. all.Rows.Where(fits).Take(MostAtOnce)];
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        Number = Math.Max(1, Number);
        List = await queries.ListAsync(Search, Number, Size, cancellationToken);
    }
}

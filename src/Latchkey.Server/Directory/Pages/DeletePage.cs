using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks before something is deleted, and says what goes with it.</summary>
/// <typeparam name="T">What is deleted.</typeparam>
/// <typeparam name="TLoss">What goes with it.</typeparam>
internal abstract class DeletePage<T, TLoss>(ITexts texts) : PageModel
    where T : class
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public T Found { get; private set; } = null!;

    public TLoss Loss { get; private set; } = default!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Found = found;
        Loss = await LossAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var outcome = await DeleteAsync(cancellationToken);
        if (!outcome.Ok)
        {
            // There are no fields here to stand beside.
            this.AddProblems(outcome.Problems.Select(p => p with { Where = "" }));
            return await OnGetAsync(cancellationToken);
        }
        this.Toast(Done(texts, outcome.Value));
        return Redirect(List);
    }

    /// <summary>Where the others are.</summary>
    protected abstract string List { get; }

    protected abstract Task<T?> FindAsync(CancellationToken cancellationToken);

    protected abstract Task<TLoss> LossAsync(CancellationToken cancellationToken);

    protected abstract Task<Outcome<T>> DeleteAsync(CancellationToken cancellationToken);

    protected abstract string Done(ITexts texts, T deleted);
}

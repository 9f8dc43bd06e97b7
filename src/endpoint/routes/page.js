// The token of an invitation comes in the fragment, which browsers send to no server and name in no referrer. It leaves the
// address bar at once; a reload in this tab still has it. Whoever has answered reads so before a question is shown.
{
  const element = document.querySelector('qing-ting')
  const name = 'qingting-invitation:' + location.pathname
  let token = location.hash.slice(1)
  try {
    if (token) sessionStorage.setItem(name, token)
    else token = sessionStorage.getItem(name)
  } catch { /* A browser that keeps nothing forgets it with the page. */ }
  if (location.hash) history.replaceState(history.state, '', location.pathname + location.search)
  if (element && token) {
    element.setAttribute('invitation', token)
    fetch('/v1/invitation', { headers: { authorization: 'Bearer ' + token }, cache: 'no-store' })
      .then(async (answer) => {
        const said = answer.ok ? (await answer.json()).answered && 'answered' : answer.status === 422 && 'refused'
        const words = said && document.querySelector('[data-said=' + said + ']')
        if (words) {
          words.hidden = false
          element.remove()
        }
      })
      // Without a network the survey itself says what happens to the answers.
      .catch(() => {})
  }
}

/**
 * Tells the styles that scripts run, before anything is painted, so that nothing moves
 * when the components start. Not inline: the content security policy allows no such
 * script.
 */
document.body.classList.add("js-enabled", "govuk-frontend-supported");
